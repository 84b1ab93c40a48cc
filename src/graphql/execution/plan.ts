import type { Context } from "../context.js";

/** How an operation is answered, worked out once: what to fetch for each place of the answer, and how to write it down. */
export interface Plan {
  readonly root: Selection;
}

/** What is asked of the objects of one type at one place of the answer. */
export interface Selection {
  readonly typeName: string;
  readonly fields: readonly PlannedField[];
  /** Those for which something has to be fetched, here or below. */
  readonly gathered: readonly PlannedField[];
}

export interface PlannedField {
  /** Among the fields of its selection. */
  readonly index: number;
  /** What stands before the value: `{"name":` or `,"name":`. */
  readonly key: string;
  /** Of the object, where the value is unless something yields it. */
  readonly property: string;
  /** Yields the values of all objects, in their order; null: they are properties. */
  readonly valuesOf: ValuesOf | null;
  readonly value: LeafValue | ObjectValue;
  /** Adds the properties that are looked at of the objects that have the field, and of those that are in them. */
  readonly addWanted: (wanted: Set<string>) => void;
}

export type ValuesOf = (
  objects: readonly object[],
  run: Run,
) => readonly unknown[] | Promise<readonly unknown[]>;

/** Of one execution. */
export interface Run {
  readonly context: Context;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface LeafValue {
  /** The value as JSON, null and lists included. */
  readonly toJson: (value: unknown) => string;
}

/** An object, or lists of them. */
export interface ObjectValue {
  /** From the outside in: whether null may stand there; one more than there are lists around each other. */
  readonly nullable: readonly boolean[];
  /** One for each type that can be found here. */
  readonly selections: readonly Selection[];
  /** Whether anything is fetched below. */
  readonly isDeep: boolean;
  /** Which of them. */
  readonly selectionOf: (object: object) => Selection;
}

/**
 * Something that the plan does not cover, such as a field that failed: GraphQL.js is asked instead, which knows how to tell
 * it. Queries change nothing, so they can be begun anew.
 */
export class NotCoveredError extends Error {
  override readonly name = "NotCoveredError";
}
