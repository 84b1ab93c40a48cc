import { GraphQLError, locatedError } from "graphql";
import type { FieldSet, ObjectPlace, PlannedField } from "./plan.js";
import type { Below, Level } from "./run.js";

/**
 * Writes the result as JSON text, and handles errors as the GraphQL specification requires ("Handling Field Errors"): a failed field is
 * null, and an error in its list; where null is not allowed, its parent is null instead.
 */
export class ResultWriter {
  readonly errors: GraphQLError[] = [];
  /** Of the value that is being written: the first `depth` entries. A leaf's own name is not among them. */
  private readonly path: (string | number)[] = [];
  private depth = 0;

  /**
   * Writes the fields of one object, without the closing brace.
   *
   * @param level null when nothing was fetched for such objects
   * @param position of the object in its level
   * @throws GraphQLError of a field that may not be null
   */
  fields(fieldSet: FieldSet, object: unknown, level: Level | null, position: number): string {
    let json = "";
    for (const field of fieldSet.fields) {
      json += field.key;
      json += field.constant ?? this.field(field, object, level, position);
    }
    return json;
  }

  private field(
    field: PlannedField,
    object: unknown,
    level: Level | null,
    position: number,
  ): string {
    const { depth } = this;
    try {
      const values = level?.values[field.index];
      const value = values
        ? values[position]
        : (object as Readonly<Record<string, unknown>>)[field.property];
      if (field.leaf && field.nullable.length === 1) return leafJson(field, field.leaf, value);
      this.path[depth] = field.responseName;
      this.depth = depth + 1;
      const below = level?.below[field.index];
      if (below) below.next = below.starts[position] as number;
      const json = this.value(field, value, 0, below);
      this.depth = depth;
      return json;
    } catch (error) {
      this.depth = depth;
      return this.nullFor(error, field, field.responseName, field.nullable[0]);
    }
  }

  /** @param depth in how many lists the value is */
  private value(
    field: PlannedField,
    value: unknown,
    depth: number,
    below: Below | undefined,
  ): string {
    if (depth < field.nullable.length - 1) return this.list(field, value, depth, below);
    if (field.leaf) return leafJson(field, field.leaf, value, depth);
    if (value instanceof Error) throw value;
    if (isMissing(value)) return nullJson(field, depth);
    return this.object(field.objects as ObjectPlace, value, below);
  }

  private list(
    field: PlannedField,
    value: unknown,
    depth: number,
    below: Below | undefined,
  ): string {
    if (value instanceof Error) throw value;
    if (isMissing(value)) return nullJson(field, depth);
    if (!Array.isArray(value)) {
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${field.coordinate}".`,
      );
    }
    const above = this.depth;
    let json = "[";
    for (let i = 0; i < value.length; i += 1) {
      if (i > 0) json += ",";
      this.path[above] = i;
      this.depth = above + 1;
      json += this.item(field, value[i], i, depth + 1, below);
    }
    this.depth = above;
    return `${json}]`;
  }

  private item(
    field: PlannedField,
    item: unknown,
    index: number,
    depth: number,
    below: Below | undefined,
  ): string {
    const above = this.depth - 1;
    const first = below ? below.next : 0;
    try {
      return this.value(field, item, depth, below);
    } catch (error) {
      this.depth = above;
      // The objects in the rest of this item are skipped.
      if (below) below.next = first + objectsIn(item, field.nullable.length - 1 - depth);
      return this.nullFor(error, field, index, field.nullable[depth]);
    }
  }

  private object(place: ObjectPlace, object: unknown, below: Below | undefined): string {
    const number = below ? below.next++ : 0;
    const fieldSet = below?.fieldSets?.[number] ?? (place.only as FieldSet);
    if (fieldSet instanceof Error) throw fieldSet;
    const level = below?.levels.get(fieldSet) ?? null;
    const json = this.fields(fieldSet, object, level, below?.positions?.[number] ?? number);
    return closed(json);
  }

  /** @throws the error with its path and locations where null is not allowed */
  private nullFor(
    error: unknown,
    { nodes }: PlannedField,
    key: string | number,
    isNullable: boolean | undefined,
  ): "null" {
    const located = locatedError(error, nodes, [...this.path.slice(0, this.depth), key]);
    if (!isNullable) throw located;
    this.errors.push(located);
    return "null";
  }
}

/** With `@skip` no field may be left. */
export const closed = (fields: string): string => (fields === "" ? "{}" : `${fields}}`);

const isMissing = (value: unknown): value is null | undefined =>
  value === null || value === undefined;

function leafJson(
  field: PlannedField,
  serialize: (value: unknown) => string,
  value: unknown,
  depth = 0,
): string {
  return isMissing(value) ? nullJson(field, depth) : serialize(value);
}

function nullJson({ nullable, coordinate }: PlannedField, depth: number): "null" {
  if (nullable[depth]) return "null";
  throw new Error(`Cannot return null for non-nullable field ${coordinate}.`);
}

/** @param depth how many lists are nested */
function objectsIn(value: unknown, depth: number): number {
  if (isMissing(value) || value instanceof Error) return 0;
  if (depth === 0) return 1;
  if (!Array.isArray(value)) return 0;
  return value.reduce((sum: number, item) => sum + objectsIn(item, depth - 1), 0);
}
