import {
  defaultFieldResolver,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
  GraphQLError,
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
  OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  visit,
} from "graphql";
import { collectFields, collectSubfields } from "graphql/execution/collectFields.js";
import type { Context } from "../context.js";
import { fieldSetChooser } from "./abstract-types.js";
import { batchOf } from "./batched.js";
import { selectedColumns } from "./columns.js";
import {
  type ExecutionPlan,
  type FieldSet,
  isDeep,
  type ObjectPlace,
  type PlannedField,
  type ResolveField,
  type ResolveInfo,
  type Run,
} from "./plan.js";
import { serializerOf } from "./serialize.js";
import { isPromiseLike, toError } from "./values.js";

type Variables = Run["variables"];
type Field = GraphQLField<unknown, unknown>;

export interface CompileOptions {
  readonly schema: GraphQLSchema;
  /**
   * Whether a field without a resolver is a plain property of its parent. Otherwise it is what GraphQL.js' default resolver returns: the
   * property may be a promise, or a method.
   */
  readonly arePropertiesPlain: boolean;
}

/**
 * Compiles an operation that was validated.
 *
 * @param variables that decide `@skip` and `@include`
 * @throws GraphQLError for a directive of a root field without a value
 */
export function compile(
  { schema, arePropertiesPlain }: CompileOptions,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): ExecutionPlan {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null) as typeof fragments;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }

  function fieldSetOf(
    type: GraphQLObjectType,
    collected: ReadonlyMap<string, readonly FieldNode[]>,
  ): FieldSet {
    const fields: PlannedField[] = [];
    for (const [responseName, nodes] of collected) {
      const planned = plannedField(type, responseName, nodes, fields.length);
      if (planned) fields.push(planned);
    }
    return toFieldSet(type, fields);
  }

  /** @returns null for a field that the type does not have, which validation excludes */
  function plannedField(
    type: GraphQLObjectType,
    responseName: string,
    nodes: readonly FieldNode[],
    index: number,
  ): PlannedField | null {
    const [node] = nodes as readonly [FieldNode];
    const property = node.name.value;
    const place = {
      index,
      key: `${index === 0 ? "{" : ","}${JSON.stringify(responseName)}:`,
      responseName,
      property,
      coordinate: `${type.name}.${property}`,
      nodes,
    };
    if (property === "__typename") {
      const constant = JSON.stringify(type.name);
      return { ...place, constant, nullable: [false], ...NOTHING };
    }
    const field = definitionOf(type, property);
    if (!field) return null;
    const { name: fieldName, type: returnType } = field;
    const fieldNodes = [...nodes];
    // Without spreads: it is made for each field of each request.
    const infoOf = (
      { rootValue, variables: variableValues }: Run,
      columns?: PlannedField["columns"],
    ): ResolveInfo => ({
      fieldName,
      fieldNodes,
      returnType,
      parentType: type,
      path: undefined as never,
      schema,
      fragments,
      operation,
      rootValue,
      variableValues,
      columns: columns ?? undefined,
    });
    const named = getNamedType(field.type);
    const leaf = isLeafType(named) ? serializerOf(named) : null;
    const objects = isLeafType(named) ? null : objectPlace(named, place, infoOf);
    const resolver = field.resolve ?? (arePropertiesPlain ? undefined : defaultFieldResolver);
    const columns = resolver ? selectedColumns(objects) : null;
    const batch = batchOf(field);
    const isMutation = type === schema.getMutationType();
    const resolve = resolver
      ? resolveField({ ...field, resolve: resolver }, batch, node, (run) =>
          // A mutation returns what it wrote: all of it.
          infoOf(run, isMutation ? null : columns),
        )
      : null;
    const nullable = nullability(field.type);
    const isBatched = batch !== undefined;
    return { ...place, constant: null, nullable, resolve, isBatched, leaf, objects, columns };
  }

  const definitionOf = (type: GraphQLObjectType, name: string): Field | undefined => {
    if (type === schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return type.getFields()[name];
  };

  function objectPlace(
    type: ObjectPlace["type"],
    place: Pick<PlannedField, "coordinate" | "nodes">,
    infoOf: (run: Run) => ResolveInfo,
  ): ObjectPlace {
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const byType = new Map(possible.map((one) => [one, compiledOrError(one, place.nodes)]));
    const fieldSets = [...byType.values()].flatMap((one) =>
      one instanceof GraphQLError ? [] : [one],
    );
    const [first] = fieldSets;
    const only = first && !isAbstractType(type) && !type.isTypeOf ? first : null;
    return {
      type,
      fieldSets,
      only,
      fieldSetOf: fieldSetChooser(schema, type, byType, place, infoOf),
      isDeep: only ? isDeep(only) : true,
    };
  }

  function compiledOrError(
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
  ): FieldSet | GraphQLError {
    try {
      const given = variables as Record<string, unknown>;
      return fieldSetOf(type, collectSubfields(schema, fragments, given, type, nodes));
    } catch (error) {
      if (error instanceof GraphQLError) return error;
      throw error;
    }
  }

  const root = schema.getRootType(operation.operation);
  if (!root) {
    const message = `Schema is not configured to execute ${operation.operation} operation.`;
    throw new GraphQLError(message, { nodes: operation });
  }
  const collected = collectFields(schema, fragments, variables, root, operation.selectionSet);
  const all = fieldSetOf(root, collected);
  const isSerial = operation.operation === OperationTypeNode.MUTATION;
  return { steps: isSerial ? all.fields.map((field) => toFieldSet(root, [field])) : [all] };
}

const NOTHING = { resolve: null, isBatched: false, leaf: null, objects: null, columns: null };

const toFieldSet = (type: GraphQLObjectType, fields: readonly PlannedField[]): FieldSet => ({
  type,
  fields,
  fetched: fields.filter(({ resolve, objects }) => resolve !== null || objects?.isDeep),
});

function nullability(type: GraphQLOutputType): boolean[] {
  const isNullable = !isNonNullType(type);
  const inner = isNonNullType(type) ? type.ofType : type;
  return isListType(inner)
    ? [isNullable, ...nullability(inner.ofType as GraphQLOutputType)]
    : [isNullable];
}

function resolveField(
  field: Field & { readonly resolve: NonNullable<Field["resolve"]> },
  batch: ReturnType<typeof batchOf>,
  node: FieldNode,
  infoOf: (run: Run) => ResolveInfo,
): ResolveField {
  const argumentsOf = argumentReader(field, node);
  const failed = (parents: readonly unknown[], error: unknown) => parents.map(() => toError(error));
  return (parents, run) => {
    let args: Record<string, unknown>;
    try {
      args = argumentsOf(run.variables);
    } catch (error) {
      return failed(parents, error);
    }
    const info = infoOf(run);
    if (batch) {
      return batch(parents, args, run.context as Context, info).catch((error: unknown) =>
        failed(parents, error),
      );
    }
    const values = parents.map((parent) => {
      try {
        const value: unknown = field.resolve(parent, args, run.context, info);
        return isPromiseLike(value) ? value.then(undefined, toError) : value;
      } catch (error) {
        return toError(error);
      }
    });
    return values.some(isPromiseLike) ? Promise.all(values) : values;
  };
}

/** Arguments without variables are read once. */
function argumentReader(
  field: Field,
  node: FieldNode,
): (variables: Variables) => Record<string, unknown> {
  let hasVariables = false;
  for (const argument of node.arguments ?? []) {
    visit(argument.value, { Variable: () => void (hasVariables = true) });
  }
  const read = (variables?: Variables) => getArgumentValues(field, node, variables);
  if (hasVariables) return read;
  let values: Record<string, unknown> | undefined;
  return () => (values ??= read());
}
