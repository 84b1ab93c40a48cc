import {
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

/** What GraphQL.js has to look at: it is wrong, or seldom seen. */
const OTHER = Symbol("other");

/** What a value is by its type; OTHER where that is not plain. */
type Reader = (value: unknown) => unknown;

/**
 * Reads what is given for the variables of an operation as `getVariableValues` does. What is plainly right is read by
 * functions that are put together once for each type; all else is left to GraphQL.js, and so is every word about it.
 *
 * @returns null for what is wrong
 */
export function variablesReader(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (given: Variables) => Variables | null {
  const read = plainReader(schema, variableDefinitions);
  return (given) =>
    read(given) ?? getVariableValues(schema, variableDefinitions, given).coerced ?? null;
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
  // When they are first wanted, since types may contain themselves.
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
    // Something that the type does not have.
    return left === 0 ? object : OTHER;
  };
}
