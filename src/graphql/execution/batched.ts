import DataLoader from "dataloader";
import {
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from "graphql";
import { Extensions } from "type-graphql";
import type { Context } from "../context.js";
import type { Properties } from "../../database/table.js";

/**
 * Marks a field's resolver that is asked once for all objects of a place in the answer: its root is their list, and its
 * result a list in the same order. So no field can be written that costs a statement for each object. What it yields may be
 * told to several who follow the same events: of the context it is given the loaders alone.
 */
export const Batched = Extensions({ batched: "FOR_ALL" });

/** The same for what depends on who asks. */
export const BatchedByActor = Extensions({ batched: "BY_ACTOR" });

type Field = GraphQLField<unknown, Context>;

/** Answers for many objects at once. */
type Batch = (
  roots: readonly unknown[],
  args: object,
  context: Context,
  wanted?: Properties,
) => Promise<readonly unknown[]>;

const batches = new WeakMap<Field, Batch>();

/** @returns undefined for a field that is asked object by object */
export const batchOf = (field: Field): Batch | undefined => batches.get(field);

type Gathered = Map<string, DataLoader<unknown, unknown>>;

/** Of one request, or of events that are told together: the objects for which a field is wanted by now. */
export class Batches {
  private readonly forAll: Gathered = new Map();
  private readonly byActor = new WeakMap<object, Gathered>();

  /** @param isByActor whether somebody else may not share in the answer */
  load(
    root: unknown,
    args: object,
    context: Context,
    { parentType, fieldName }: GraphQLResolveInfo,
    { batch, isByActor }: { readonly batch: Batch; readonly isByActor: boolean },
  ): Promise<unknown> {
    const gathered = isByActor ? this.of(context.actor) : this.forAll;
    const field = `${parentType.name}.${fieldName}(${JSON.stringify(args)})`;
    const known = gathered.get(field);
    const loader =
      known ?? new DataLoader((roots: readonly unknown[]) => batch(roots, args, context));
    if (!known) gathered.set(field, loader);
    return loader.load(root);
  }

  private of(actor: object): Gathered {
    const known = this.byActor.get(actor) ?? (new Map() as Gathered);
    this.byActor.set(actor, known);
    return known;
  }
}

/** GraphQL.js asks for each object by itself: what it asks for in one turn is answered as one batch. */
export function gatherBatchedFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields()) as Field[]) {
      const { batched } = field.extensions;
      if (batched === undefined) continue;
      const isByActor = batched === "BY_ACTOR";
      const batch = toBatch(field, isByActor);
      batches.set(field, batch);
      field.resolve = (root, args: object, context, info) =>
        context.batches.load(root, args, context, info, { batch, isByActor });
    }
  }
}

function toBatch({ name, resolve }: Field, isByActor: boolean): Batch {
  return async (roots, args, context, wanted) => {
    const given = isByActor ? context : ({ loaders: context.loaders } as Context);
    const values = (await resolve?.(roots, args, given, { wanted } as never)) as readonly unknown[];
    if (values.length !== roots.length) throw new Error(`${name} was not answered for each`);
    return values;
  };
}
