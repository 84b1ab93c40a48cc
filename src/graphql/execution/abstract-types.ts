import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import type { FieldSet, ObjectPlace, PlannedField, ResolveInfo, Run } from "./plan.js";
import { isPromiseLike } from "./values.js";

type Place = Pick<PlannedField, "coordinate" | "nodes">;

/** The field set of each possible type, or why it could not be compiled. */
export type FieldSets = ReadonlyMap<GraphQLObjectType, FieldSet | GraphQLError>;

/**
 * How the field set of an object is found: by its type, which an abstract type resolves and `isTypeOf` confirms. The errors are those of
 * GraphQL.js.
 */
export function fieldSetChooser(
  schema: GraphQLSchema,
  type: ObjectPlace["type"],
  fieldSets: FieldSets,
  place: Place,
  infoOf: (run: Run) => ResolveInfo,
): ObjectPlace["fieldSetOf"] {
  const confirmed = (objectType: GraphQLObjectType, object: unknown, run: Run) => {
    const fieldSet = fieldSets.get(objectType);
    if (!fieldSet) throw new Error(`${objectType.name} was not compiled`);
    if (fieldSet instanceof GraphQLError) throw fieldSet;
    const isOfType = objectType.isTypeOf?.(object, run.context, infoOf(run)) ?? true;
    const confirm = (is: boolean) => {
      if (is) return fieldSet;
      const message = `Expected value of type "${objectType.name}" but got: ${inspect(object)}.`;
      throw new GraphQLError(message, { nodes: place.nodes });
    };
    return isPromiseLike(isOfType) ? isOfType.then(confirm) : confirm(isOfType);
  };
  if (!isAbstractType(type)) return (object, run) => confirmed(type, object, run);
  const resolveType = type.resolveType ?? defaultTypeResolver;
  return (object, run) => {
    const name: unknown = resolveType(object, run.context, infoOf(run), type);
    const choose = (resolved: unknown) =>
      confirmed(possibleType(schema, type, resolved, object, place), object, run);
    return isPromiseLike(name) ? name.then(choose) : choose(name);
  };
}

function possibleType(
  schema: GraphQLSchema,
  { name: abstract }: GraphQLAbstractType,
  resolved: unknown,
  object: unknown,
  { coordinate, nodes }: Place,
): GraphQLObjectType {
  const fail = (message: string, options = { nodes }): never => {
    throw new GraphQLError(message, options);
  };
  const unresolved = `Abstract type "${abstract}" must resolve to an Object type at runtime for field "${coordinate}"`;
  if (resolved === undefined || resolved === null) {
    return fail(
      `${unresolved}. Either the "${abstract}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
    );
  }
  if (isObjectType(resolved)) {
    return fail(
      "Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.",
    );
  }
  if (typeof resolved !== "string") {
    return fail(`${unresolved} with value ${inspect(object)}, received "${inspect(resolved)}".`);
  }
  const type = schema.getType(resolved);
  if (!type) {
    return fail(
      `Abstract type "${abstract}" was resolved to a type "${resolved}" that does not exist inside the schema.`,
    );
  }
  if (!isObjectType(type)) {
    return fail(`Abstract type "${abstract}" was resolved to a non-object type "${resolved}".`);
  }
  if (!schema.isSubType(schema.getType(abstract) as GraphQLAbstractType, type)) {
    return fail(`Runtime Object type "${resolved}" is not a possible type for "${abstract}".`);
  }
  return type;
}
