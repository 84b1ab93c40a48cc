import DataLoader from "dataloader";
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from "graphql";
import { Extensions } from "type-graphql";
import type { Context } from "../context.js";
import type { ResolveInfo } from "./plan.js";

/** Only a method whose first parameter, the root, is an array, and which returns an array, can be batched. */
type BatchedMethod = (roots: never[], ...rest: never[]) => Promise<readonly unknown[]>;

type BatchedDecorator = <Method extends BatchedMethod>(
  prototype: object,
  name: string,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/**
 * Marks a field resolver that is called once for all objects at a place of the result: its root is the list of them, and it returns a
 * list in the same order. So no field can be written that costs a statement per object. Its result may be shared by several
 * subscribers of an event, so of the context it receives the loaders only.
 */
export const Batched: BatchedDecorator = Extensions({ batched: "FOR_ALL" });

/** The same for a field whose value depends on the actor. */
export const BatchedByActor: BatchedDecorator = Extensions({ batched: "BY_ACTOR" });

type Field = GraphQLField<unknown, Context>;

/** Resolves a field of many objects, one value for each in their order. */
export type ResolveBatch = (
  roots: readonly unknown[],
  args: object,
  context: Context,
  info?: ResolveInfo,
) => Promise<readonly unknown[]>;

const batches = new WeakMap<object, ResolveBatch>();

/** @returns undefined for a field that is resolved object by object */
export const batchOf = (field: object): ResolveBatch | undefined => batches.get(field);

type Batchers = Map<string, DataLoader<unknown, unknown>>;

/** For GraphQL.js, which resolves objects one by one: collects those of one request, or of one batch of events, by field. */
export class FieldBatchers {
  private readonly forAll: Batchers = new Map();
  private readonly byActor = new WeakMap<object, Batchers>();

  /** @param isByActor whether another actor may not share the result */
  load(
    root: unknown,
    args: object,
    context: Context,
    { parentType, fieldName }: GraphQLResolveInfo,
    { batch, isByActor }: { readonly batch: ResolveBatch; readonly isByActor: boolean },
  ): Promise<unknown> {
    const batchers = isByActor ? this.of(context.actor) : this.forAll;
    const field = `${parentType.name}.${fieldName}(${JSON.stringify(args)})`;
    const known = batchers.get(field);
    const batcher =
      known ?? new DataLoader((roots: readonly unknown[]) => batch(roots, args, context));
    if (!known) batchers.set(field, batcher);
    return batcher.load(root);
  }

  private of(actor: object): Batchers {
    const known = this.byActor.get(actor) ?? (new Map() as Batchers);
    this.byActor.set(actor, known);
    return known;
  }
}

/** Lets both executors call the batched resolvers of a schema: the compiled one per place, GraphQL.js through a DataLoader. */
export function prepareBatchedFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields()) as Field[]) {
      const { batched } = field.extensions;
      if (batched === undefined) continue;
      const isByActor = batched === "BY_ACTOR";
      const batch = toBatch(field, isByActor);
      batches.set(field, batch);
      field.resolve = (root, args: object, context, info) =>
        context.batchers.load(root, args, context, info, { batch, isByActor });
    }
  }
}

function toBatch({ name, resolve }: Field, isByActor: boolean): ResolveBatch {
  if (!resolve) throw new Error(`${name} is @Batched and has no resolver`);
  return async (roots, args, context, info) => {
    const loaders = info?.columns ? context.loaders.selecting(info.columns) : context.loaders;
    const given = { ...(isByActor && context), loaders } as Context;
    const values = (await resolve(roots, args, given, info as ResolveInfo)) as readonly unknown[];
    if (values.length !== roots.length) {
      throw new Error(`${name} returned ${values.length} values for ${roots.length} objects`);
    }
    return values;
  };
}

/** Resolvers of queries read from their context which columns are selected; those of mutations count the changes of a request. */
export function prepareRootFields(schema: GraphQLSchema): void {
  wrapResolvers(schema.getQueryType(), (resolve) => (root, args, context, info: ResolveInfo) => {
    const given = info.columns ? context.selecting(info.columns) : context;
    return resolve(root, args, given, info);
  });
  wrapResolvers(schema.getMutationType(), (resolve) => (root, args, context, info) => {
    context.startMutation(info.fieldName);
    return resolve(root, args, context, info);
  });
}

type Resolver = NonNullable<Field["resolve"]>;

function wrapResolvers(
  type: GraphQLObjectType | null | undefined,
  wrap: (resolve: Resolver) => Resolver,
): void {
  for (const field of Object.values(type?.getFields() ?? {}) as Field[]) {
    if (!field.resolve) throw new Error(`${field.name} has no resolver`);
    field.resolve = wrap(field.resolve);
  }
}
