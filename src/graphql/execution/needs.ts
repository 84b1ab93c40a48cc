import type { GraphQLField } from "graphql";
import type { Context } from "../context.js";
import { MissingPropertyError, type Properties } from "../../database/table.js";

type Field = GraphQLField<unknown, Context>;

const NONE: Properties = new Set();

/**
 * Which properties of its object a field's resolver looks at. Nobody declares it: an object without a column that is looked at
 * says so, once for each field and column, and the operation begins anew with it.
 */
export class Needs {
  private readonly known = new WeakMap<Field, Set<string>>();
  /** Grows with what is known. */
  version = 0;

  of(field: Field): Properties {
    return this.known.get(field) ?? NONE;
  }

  /** To be told of every failure of a field. */
  learn(field: Field, error: unknown): void {
    if (!(error instanceof MissingPropertyError)) return;
    const known = this.known.get(field) ?? new Set();
    if (known.has(error.property)) return;
    this.known.set(field, known.add(error.property));
    this.version += 1;
  }
}
