import {
  type GraphQLError,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNonNull,
  type GraphQLSchema,
  getVariableValues,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from "graphql";

type Variables = Readonly<Record<string, unknown>>;

/** For a value that is invalid or unusual: GraphQL.js coerces it. */
const OTHER = Symbol("other");

/** Coerces a value of its type, or returns OTHER. */
type Reader = (value: unknown) => unknown;

/** As GraphQL.js limits it: a list of a million wrong values gives no million errors. */
const MAX_ERRORS = 50;

export type CoercedVariables =
  | { readonly coerced: Variables; readonly errors?: never }
  | { readonly coerced?: never; readonly errors: readonly GraphQLError[] };

/**
 * Coerces the variables of an operation as `getVariableValues` does. Plain values are read by functions that are built once per type; all
 * others are left to GraphQL.js, which also makes the errors.
 */
export function variablesReader(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (given: Variables) => CoercedVariables {
  const read = plainReader(schema, variableDefinitions);
  const readAny = (given: Variables) =>
    getVariableValues(schema, variableDefinitions, given, { maxErrors: MAX_ERRORS });
  return (given) => {
    const coerced = read(given);
    return coerced ? { coerced } : readAny(given);
  };
}

function plainReader(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): (given: Variables) => Variables | null {
  const readers: { readonly name: string; readonly isOptional: boolean; readonly read: Reader }[] =
    [];
  for (const { variable, type: node, defaultValue } of definitions) {
    const type = typeFromAST(schema, node);
    const name = variable.name.value;
    if (!isInputType(type) || name === "__proto__") return () => null;
    const isOptional = defaultValue === undefined && !isNonNullType(type);
    readers.push({ name, isOptional, read: readerOf(type) });
  }
  return (given) => {
    const variables: Record<string, unknown> = {};
    for (const { name, isOptional, read } of readers) {
      if (!Object.hasOwn(given, name)) {
        if (isOptional) continue;
        return null;
      }
      const value = read(given[name]);
      if (value === OTHER) return null;
      variables[name] = value;
    }
    return variables;
  };
}

const known = new WeakMap<GraphQLInputType, Reader>();

function readerOf(type: GraphQLInputType): Reader {
  const reader = known.get(type) ?? makeReader(type);
  known.set(type, reader);
  return reader;
}

function makeReader(type: GraphQLInputType): Reader {
  if (isNonNullType(type)) {
    const read = presentReader(type.ofType);
    return (value) => (value === null ? OTHER : read(value));
  }
  const read = presentReader(type);
  return (value) => (value === null ? null : read(value));
}

type GraphQLNullableInputType = Exclude<GraphQLInputType, GraphQLNonNull<never>>;

function presentReader(type: GraphQLNullableInputType): Reader {
  if (isInputObjectType(type)) return objectReader(type);
  if (isListType(type)) {
    const read = readerOf(type.ofType);
    return (value) => {
      if (!Array.isArray(value)) return OTHER;
      const items = value.map(read);
      return items.includes(OTHER) ? OTHER : items;
    };
  }
  return (value) => {
    try {
      return (type.parseValue(value) as unknown) ?? OTHER;
    } catch {
      return OTHER;
    }
  };
}

function objectReader(type: GraphQLInputObjectType): Reader {
  if (type.isOneOf) return () => OTHER;
  // Built at the first use, since types may contain themselves.
  let fields: readonly { name: string; isOptional: boolean; read: Reader }[] | undefined;
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return OTHER;
    fields ??= Object.values(type.getFields()).map((field) => ({
      name: field.name,
      isOptional: !isNonNullType(field.type) && field.defaultValue === undefined,
      read: readerOf(field.type),
    }));
    const given = value as Variables;
    const object: Record<string, unknown> = {};
    let left = Object.keys(given).length;
    for (const { name, isOptional, read } of fields) {
      const one = given[name];
      if (one === undefined) {
        if (isOptional) continue;
        return OTHER;
      }
      const own = read(one);
      if (own === OTHER) return OTHER;
      object[name] = own;
      left -= 1;
    }
    // A property that the type does not have.
    return left === 0 ? object : OTHER;
  };
}
