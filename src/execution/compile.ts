import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import { collectFields, collectSubfields } from "graphql/execution/collectFields.js";
import type { Context } from "../context.js";
import { batchOf } from "../resolvers/batched.js";
import { leafJson } from "./leaf-json.js";
import {
  type LeafValue,
  NotCoveredError,
  type ObjectValue,
  type Plan,
  type PlannedField,
  type Run,
  type Selection,
  type ValuesOf,
} from "./plan.js";

type Variables = Run["variables"];
// GraphQL.js says "any" of what a field is given.
type Field = GraphQLField<unknown, Context> & GraphQLField<unknown, unknown>;

/**
 * Works out a query that was validated.
 *
 * @param variables as far as `@skip` and `@include` depend on them
 * @throws NotCoveredError for what is asked of the schema itself
 */
export function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Plan {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null) as typeof fragments;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }

  function selectionFor(
    type: GraphQLObjectType,
    collected: ReadonlyMap<string, readonly FieldNode[]>,
  ): Selection {
    const fields = [...collected].map(([name, nodes], index) => fieldFor(type, name, nodes, index));
    return { typeName: type.name, fields, gathered: fields.filter(isGathered) };
  }

  function fieldFor(
    type: GraphQLObjectType,
    responseName: string,
    nodes: readonly FieldNode[],
    index: number,
  ): PlannedField {
    const [node] = nodes as readonly [FieldNode];
    const property = node.name.value;
    const key = `${JSON.stringify(responseName)}:`;
    if (property === "__typename") {
      const json = JSON.stringify(type.name);
      return { index, key, property, valuesOf: null, value: { toJson: () => json } };
    }
    const field = type.getFields()[property] as Field | undefined;
    if (!field) throw new NotCoveredError(property);
    return { index, key, property, valuesOf: valuesOf(field, node), value: valueFor(field, nodes) };
  }

  function valueFor({ type }: Field, nodes: readonly FieldNode[]): LeafValue | ObjectValue {
    const named = getNamedType(type);
    if (isLeafType(named)) return { toJson: leafJson(type) };
    const selections = typesOf(named).map((possible) =>
      selectionFor(
        possible,
        collectSubfields(schema, fragments, variables as Record<string, unknown>, possible, nodes),
      ),
    );
    return { nullable: nullability(type), selections, selectionOf: chooser(named, selections) };
  }

  const typesOf = (named: ReturnType<typeof getNamedType>): readonly GraphQLObjectType[] =>
    isAbstractType(named) ? schema.getPossibleTypes(named) : [named as GraphQLObjectType];

  const query = schema.getQueryType();
  if (!query) throw new NotCoveredError("no queries");
  const roots = collectFields(schema, fragments, variables, query, operation.selectionSet);
  return { root: selectionFor(query, roots) };
}

/** Something is yielded for it, or for what is below it. */
const isGathered = ({ valuesOf, value }: PlannedField): boolean =>
  valuesOf !== null || ("selections" in value && value.selections.some(isDeep));

export const isDeep = ({ gathered }: Selection): boolean => gathered.length > 0;

function nullability(type: GraphQLOutputType): boolean[] {
  const isNullable = !isNonNullType(type);
  const inner = isNonNullType(type) ? type.ofType : type;
  return isListType(inner)
    ? [isNullable, ...nullability(inner.ofType as GraphQLOutputType)]
    : [isNullable];
}

function chooser(
  type: ReturnType<typeof getNamedType>,
  selections: readonly Selection[],
): ObjectValue["selectionOf"] {
  const [only] = selections;
  if (!isAbstractType(type)) return () => only as Selection;
  const byName = new Map(selections.map((selection) => [selection.typeName, selection]));
  const { resolveType } = type;
  return (object) => {
    const name = resolveType?.(object, undefined, undefined as never, type);
    const selection = typeof name === "string" ? byName.get(name) : undefined;
    if (!selection) throw new NotCoveredError(`no type of ${type.name}`);
    return selection;
  };
}

function valuesOf(field: Field, node: FieldNode): ValuesOf | null {
  const { resolve } = field;
  if (!resolve) return null;
  const argumentsOf = argumentReader(field, node);
  const batch = batchOf(field);
  if (batch) {
    return (objects, { context, variables }) => batch(objects, argumentsOf(variables), context);
  }
  return (objects, { context, variables }) => {
    const values = objects.map((object) =>
      // None of ours looks at where in the request it stands.
      resolve(object, argumentsOf(variables), context, undefined as never),
    );
    return values.some((value) => value instanceof Promise) ? Promise.all(values) : values;
  };
}

/** What is written in the document is read once. */
function argumentReader(
  field: Field,
  node: FieldNode,
): (variables: Variables) => Record<string, unknown> {
  let depends = false;
  for (const argument of node.arguments ?? []) {
    visit(argument.value, { Variable: () => void (depends = true) });
  }
  if (depends) return (variables) => getArgumentValues(field, node, variables);
  const values = getArgumentValues(field, node);
  return () => values;
}
