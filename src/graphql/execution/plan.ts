import type {
  FieldNode,
  GraphQLCompositeType,
  GraphQLError,
  GraphQLObjectType,
  GraphQLResolveInfo,
} from "graphql";
import type { SelectedColumns } from "../../database/selected-columns.js";

/** How an operation is executed: computed once for its document, used for every request. */
export interface ExecutionPlan {
  /** Executed one after the other: each field of a mutation is a step, a query is one step. */
  readonly steps: readonly FieldSet[];
}

/** The fields that are selected on the objects of one type at one place of the result. */
export interface FieldSet {
  readonly type: GraphQLObjectType;
  readonly fields: readonly PlannedField[];
  /** Those that have something to fetch, here or below. */
  readonly fetched: readonly PlannedField[];
}

export interface PlannedField {
  /** Its position in the selection set. */
  readonly index: number;
  /** The text in front of its value: `{"name":` or `,"name":`. */
  readonly key: string;
  readonly responseName: string;
  /** The property of the parent with the value, for a field without a resolver. */
  readonly property: string;
  /** Parent type and name, as errors name the field: `User.email`. */
  readonly coordinate: string;
  /** The same field can be selected several times, in several fragments. */
  readonly nodes: readonly FieldNode[];
  /** From the outermost list to the value itself: whether null is allowed there. One entry more than there are nested lists. */
  readonly nullable: readonly boolean[];
  /** The text of a value that is the same for every object, such as `__typename`. */
  readonly constant: string | null;
  /** Null: the value is a property of the parent. */
  readonly resolve: ResolveField | null;
  /** Whether one call of the resolver is for all parents. */
  readonly isBatched: boolean;
  /** Null for a field with a selection set. */
  readonly leaf: SerializeLeaf | null;
  /** Null for a leaf. */
  readonly objects: ObjectPlace | null;
  /** Of the objects that the field returns: the columns that are read of them. */
  readonly columns: SelectedColumns | null;
}

/** Returns one value for each parent, in their order. A failure is an Error among the values: it never throws or rejects. */
export type ResolveField = (
  parents: readonly unknown[],
  run: Run,
) => readonly unknown[] | Promise<readonly unknown[]>;

/** The JSON text of a value that is not null. @throws as the type's `serialize` */
export type SerializeLeaf = (value: unknown) => string;

/** A place of the result with objects. */
export interface ObjectPlace {
  readonly type: GraphQLCompositeType;
  /** One for each type that is possible here. */
  readonly fieldSets: readonly FieldSet[];
  /** The field set of every object here, where none has to be examined for it. */
  readonly only: FieldSet | null;
  /** @throws GraphQLError when the object is of no possible type */
  readonly fieldSetOf: (object: unknown, run: Run) => FieldSet | PromiseLike<FieldSet>;
  /** Whether the objects here have to be examined, or something is fetched below them. */
  readonly isDeep: boolean;
}

/** One execution of a plan. */
export interface Run {
  readonly context: unknown;
  readonly rootValue: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * What a resolver receives as its fourth argument. It is the same for all objects of a place, so `path` is missing.
 */
export interface ResolveInfo extends GraphQLResolveInfo {
  /** Undefined where GraphQL.js executes: then all columns are read. */
  readonly columns?: SelectedColumns | undefined;
}

export interface ExecutionResult {
  /** `data` as JSON text, `"null"` included. Null when nothing was executed, so that the response has no `data`. */
  readonly dataJson: string | null;
  readonly errors: readonly GraphQLError[];
}

export const isDeep = ({ fetched }: FieldSet): boolean => fetched.length > 0;
