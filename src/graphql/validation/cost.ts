import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isIntrospectionType,
  isListType,
  isLeafType,
  isObjectType,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from "graphql";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "../../database/pagination/keyset-page.js";
import { type Fragments, mergeFields, selectionsBelow } from "./merge-fields.js";

export type Variables = Readonly<Record<string, unknown>>;

/** The cost of an operation, or the size of a list: a number, or a function of the variables. */
export type Amount = number | ((variables: Variables) => number);

export const amountWith = (amount: Amount, variables: Variables): number =>
  typeof amount === "number" ? amount : amount(variables);

/** The default values of the variables. */
type Defaults = ReadonlyMap<string, ValueNode | undefined>;

/** The assumed size of a list without pages. */
const UNPAGED_SIZE = 10;

/** Most lists of the introspection schema have one entry or none. */
const INTROSPECTION_SIZE = 5;

/**
 * The cost of an operation: the maximum number of values in its response. Every field is one value, and
 * everything below a list counts once per entry.
 */
export function costOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): Amount {
  const defaults = new Map(
    operation.variableDefinitions?.map((v) => [v.variable.name.value, v.defaultValue]),
  );
  const costBelow = (
    sets: readonly SelectionSetNode[],
    parent: GraphQLNamedType | undefined,
    pageSize: Amount | null,
  ): Amount =>
    sum(
      [...mergeFields(sets, fragments, parent?.name ?? null)].map((field) => {
        const { nodes, typeCondition } = field;
        const on = typeCondition === null ? parent : schema.getType(typeCondition);
        const definition = definitionOf(schema, on, nodes[0].name.value);
        const type = definition && getNamedType(definition.type);
        if (!definition || isLeafType(type)) return 1;
        const size = requestedSize(nodes[0], definition, defaults);
        const isList = isListType(getNullableType(definition.type));
        const values = costBelow(selectionsBelow(field), type, isList ? null : size);
        return isList
          ? times(size ?? pageSize ?? unpagedSize(type), sum([1, values]))
          : sum([1, values]);
      }),
    );
  const root = schema.getRootType(operation.operation) ?? undefined;
  return costBelow([operation.selectionSet], root, null);
}

const unpagedSize = (type: GraphQLNamedType | undefined): number =>
  type && isIntrospectionType(type) ? INTROSPECTION_SIZE : UNPAGED_SIZE;

function definitionOf(
  schema: GraphQLSchema,
  parent: GraphQLNamedType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  if (parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return parent.getFields()[name];
}

/** The number of entries that the arguments request; null for a field without such arguments. */
function requestedSize(
  node: FieldNode,
  { args }: GraphQLField<unknown, unknown>,
  defaults: Defaults,
): Amount | null {
  const sizeOf = (name: string): Amount => {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value?.kind !== Kind.VARIABLE) return literalSize(value);
    const variable = value.name.value;
    const defaultSize = literalSize(defaults.get(variable));
    return ({ [variable]: value }) => (value === undefined ? defaultSize : clampedSize(value));
  };
  if (args.some(({ name }) => name === "ids")) return sizeOf("ids");
  if (!args.some(({ name }) => name === "first")) return null;
  const [first, last] = [sizeOf("first"), sizeOf("last")];
  if (typeof first === "number" && typeof last === "number") {
    return first || last || DEFAULT_PAGE_SIZE;
  }
  return (variables) =>
    amountWith(first, variables) || amountWith(last, variables) || DEFAULT_PAGE_SIZE;
}

/** A number of entries, or the number of listed ids; 0 for anything else. */
function literalSize(value: ValueNode | undefined): number {
  if (value?.kind === Kind.INT) return clampedSize(Number(value.value));
  return value?.kind === Kind.LIST ? clampedSize(value.values) : 0;
}

/** Values out of range are refused by the list itself, with a better message. */
function clampedSize(value: unknown): number {
  const size: unknown = Array.isArray(value) ? value.length : value;
  return typeof size === "number" ? Math.min(Math.max(size, 1), MAX_PAGE_SIZE) : 0;
}

/** Adds the constant amounts immediately. */
function sum(amounts: readonly Amount[]): Amount {
  let constant = 0;
  const variable: Exclude<Amount, number>[] = [];
  for (const amount of amounts) {
    if (typeof amount === "number") constant += amount;
    else variable.push(amount);
  }
  if (variable.length === 0) return constant;
  return (variables) => variable.reduce((total, amount) => total + amount(variables), constant);
}

function times(factor: Amount, amount: Amount): Amount {
  if (typeof factor === "number" && typeof amount === "number") return factor * amount;
  return (variables) => amountWith(factor, variables) * amountWith(amount, variables);
}
