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
import { batchOf } from "./batched.js";
import type { WantedInfo } from "./wanted.js";
import { leafJson } from "./leaf-json.js";
import type { Needs } from "./needs.js";
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
 * Works out a query, or a mutation of one field, that was validated.
 *
 * @param variables as far as `@skip` and `@include` depend on them
 * @throws NotCoveredError for what is asked of the schema itself, and for several changes
 */
export function compile(
  schema: GraphQLSchema,
  needs: Needs,
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
    const key = `${index === 0 ? "{" : ","}${JSON.stringify(responseName)}:`;
    if (property === "__typename") {
      const json = JSON.stringify(type.name);
      const value = { toJson: () => json };
      return { index, key, property, valuesOf: null, value, addWanted: () => undefined };
    }
    const field = type.getFields()[property] as Field | undefined;
    if (!field) throw new NotCoveredError(property);
    const value = valueFor(field, nodes);
    const yielding =
      type === mutation ? outcomeOf(field, node) : valuesOf(field, node, value, needs);
    const addWanted = (wanted: Set<string>) => {
      if (yielding) return needs.of(field).forEach((name) => wanted.add(name));
      wanted.add(property);
      addAllWanted(value, wanted);
    };
    return { index, key, property, valuesOf: yielding, value, addWanted };
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
    return {
      nullable: nullability(type),
      selections,
      isDeep: selections.some(isDeep),
      selectionOf: chooser(named, selections),
    };
  }

  const typesOf = (named: ReturnType<typeof getNamedType>): readonly GraphQLObjectType[] =>
    isAbstractType(named) ? schema.getPossibleTypes(named) : [named as GraphQLObjectType];

  const mutation = schema.getMutationType();
  const root = schema.getRootType(operation.operation);
  if (!root || root === schema.getSubscriptionType()) {
    throw new NotCoveredError(operation.operation);
  }
  const fields = collectFields(schema, fragments, variables, root, operation.selectionSet);
  if (root === mutation && fields.size > 1) throw new NotCoveredError("several changes");
  return { root: selectionFor(root, fields) };
}

/** Something is yielded for it, or for what is below it. */
const isGathered = ({ valuesOf, value }: PlannedField): boolean =>
  valuesOf !== null || ("selections" in value && value.isDeep);

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

function addAllWanted(value: LeafValue | ObjectValue, wanted: Set<string>): void {
  if (!("selections" in value)) return;
  for (const { fields } of value.selections) for (const field of fields) field.addWanted(wanted);
}

/** What is looked at of the objects that a field yields, as far as it is known by now. */
function wantedReader(value: LeafValue | ObjectValue, needs: Needs): () => WantedInfo {
  let version = -1;
  let info: WantedInfo = { wanted: undefined };
  return () => {
    if (version === needs.version) return info;
    const wanted = new Set<string>();
    addAllWanted(value, wanted);
    version = needs.version;
    return (info = { wanted });
  };
}

function valuesOf(
  field: Field,
  node: FieldNode,
  value: LeafValue | ObjectValue,
  needs: Needs,
): ValuesOf | null {
  const { resolve } = field;
  if (!resolve) return null;
  const argumentsOf = argumentReader(field, node);
  const infoOf = wantedReader(value, needs);
  const batch = batchOf(field);
  const yielding: ValuesOf = batch
    ? (objects, { context, variables }) =>
        batch(objects, argumentsOf(variables), context, infoOf().wanted)
    : (objects, { context, variables }) => {
        const info = infoOf() as never;
        const given = argumentsOf(variables);
        const values = objects.map((object) => resolve(object, given, context, info));
        return values.some((one) => one instanceof Promise) ? Promise.all(values) : values;
      };
  const failed = (error: unknown): never => {
    needs.learn(field, error);
    throw error;
  };
  return (objects, run) => {
    try {
      const values = yielding(objects, run);
      return values instanceof Promise ? values.catch(failed) : values;
    } catch (error) {
      return failed(error);
    }
  };
}

/** The change is made once, however often it is begun to answer; of what it yields everything is there. */
function outcomeOf(field: Field, node: FieldNode): ValuesOf {
  const argumentsOf = argumentReader(field, node);
  const change = (context: Context, given: Record<string, unknown>): Promise<unknown> =>
    new Promise((resolve) => resolve(field.resolve?.({}, given, context, ALL_WANTED as never)));
  return async (_roots, { context, variables }) => {
    const given = argumentsOf(variables);
    return [await (context.outcome ??= change(context, given))];
  };
}

const ALL_WANTED: WantedInfo = { wanted: undefined };

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
