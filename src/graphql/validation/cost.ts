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

/** What an operation costs, or how many entries a list has: some know it only with their variables. */
export type Amount = number | ((variables: Variables) => number);

export const amountWith = (amount: Amount, variables: Variables): number =>
  typeof amount === "number" ? amount : amount(variables);

/** The values of variables that are not given. */
type Defaults = ReadonlyMap<string, ValueNode | undefined>;

/** A list that is not paged is taken to have this many entries. */
const UNPAGED_SIZE = 10;

/** In the schema itself most lists have one entry or none. */
const INTROSPECTION_SIZE = 5;

/**
 * The cost of an operation: how many values its answer may hold at most. Every field is one, and whatever is
 * below a list is counted once for each of its entries.
 */
export function costOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  spend: () => void,
): Amount {
  const defaults = new Map(
    operation.variableDefinitions?.map((v) => [v.variable.name.value, v.defaultValue]),
  );
  const below = (
    sets: readonly SelectionSetNode[],
    parent: GraphQLNamedType | undefined,
    pageSize: Amount | null,
  ): Amount =>
    sum(
      [...mergeFields(sets, fragments, parent?.name ?? null, spend)].map((field) => {
        const { nodes, typeCondition } = field;
        const on = typeCondition === null ? parent : schema.getType(typeCondition);
        const definition = definitionOf(schema, on, nodes[0].name.value);
        const type = definition && getNamedType(definition.type);
        if (!definition || isLeafType(type)) return 1;
        const size = sizeAsked(nodes[0], definition, defaults);
        const isList = isListType(getNullableType(definition.type));
        const values = below(selectionsBelow(field), type, isList ? null : size);
        return isList
          ? times(size ?? pageSize ?? unpagedSize(type), sum([1, values]))
          : sum([1, values]);
      }),
    );
  const root = schema.getRootType(operation.operation) ?? undefined;
  return below([operation.selectionSet], root, null);
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

/** How many entries a field's arguments ask for; null when it has none that say so. */
function sizeAsked(
  node: FieldNode,
  { args }: GraphQLField<unknown, unknown>,
  defaults: Defaults,
): Amount | null {
  const sizeOf = (name: string): Amount => {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value?.kind !== Kind.VARIABLE) return sizeWritten(value);
    const variable = value.name.value;
    const otherwise = sizeWritten(defaults.get(variable));
    return ({ [variable]: given }) => (given === undefined ? otherwise : sizeGiven(given));
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

/** A number of entries, or the entries themselves; 0 when it is neither. */
function sizeWritten(value: ValueNode | undefined): number {
  if (value?.kind === Kind.INT) return sizeGiven(Number(value.value));
  return value?.kind === Kind.LIST ? sizeGiven(value.values) : 0;
}

/** What is out of bounds is refused by the list itself, which can say it better. */
function sizeGiven(value: unknown): number {
  const size: unknown = Array.isArray(value) ? value.length : value;
  return typeof size === "number" ? Math.min(Math.max(size, 1), MAX_PAGE_SIZE) : 0;
}

/** Adds up at once what does not depend on variables. */
function sum(amounts: readonly Amount[]): Amount {
  let known = 0;
  const open: Exclude<Amount, number>[] = [];
  for (const amount of amounts) {
    if (typeof amount === "number") known += amount;
    else open.push(amount);
  }
  if (open.length === 0) return known;
  return (variables) => open.reduce((total, amount) => total + amount(variables), known);
}

function times(factor: Amount, amount: Amount): Amount {
  if (typeof factor === "number" && typeof amount === "number") return factor * amount;
  return (variables) => amountWith(factor, variables) * amountWith(amount, variables);
}
