import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";

/**
 * The format promised in docs/graphql.md: the replacement, and the date until which the field stays at least.
 */
const REASON = /^\S.+\. Stays until (\d{4}-\d{2}-\d{2})\.$/s;

/** The coordinates of deprecations whose reason does not have the promised format. */
export function deprecationFaults(schema: GraphQLSchema): string[] {
  return [...deprecations(schema)]
    .filter(([, reason]) => !hasPromisedFormat(reason))
    .map(([coordinates, reason]) => `${coordinates}: ${JSON.stringify(reason)}`);
}

function hasPromisedFormat(reason: string): boolean {
  const [, date] = REASON.exec(reason) ?? [];
  const instant = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date ?? " ");
}

function* deprecations(schema: GraphQLSchema): Generator<[coordinates: string, reason: string]> {
  for (const [coordinates, reason] of elements(schema)) {
    if (typeof reason === "string") yield [coordinates, reason];
  }
}

/** All schema elements that can be deprecated. */
function* elements(schema: GraphQLSchema): Generator<[string, string | null | undefined]> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isEnumType(type)) {
      for (const value of type.getValues()) {
        yield [`${type.name}.${value.name}`, value.deprecationReason];
      }
    } else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        yield [`${type.name}.${field.name}`, field.deprecationReason];
      }
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        yield [`${type.name}.${field.name}`, field.deprecationReason];
        for (const arg of field.args) {
          yield [`${type.name}.${field.name}(${arg.name}:)`, arg.deprecationReason];
        }
      }
    }
  }
}
