import { type FieldSet, isDeep, type ObjectPlace, type PlannedField, type Run } from "./plan.js";
import { isPromiseLike, settleAll, toError } from "./values.js";

/** What was fetched for all objects of one field set. */
export class Level {
  /** By field, then by object: the value, or the Error of a field that failed. Missing: a property of the object. */
  readonly values: (readonly unknown[] | undefined)[] = [];
  /** By field: the objects in its values. */
  readonly below: (Below | undefined)[] = [];
}

/** The objects in the values of one field, in the order of the result. */
export interface Below {
  /** By parent: the number of its first object. */
  readonly starts: readonly number[];
  /** By object: its field set, or why it has none. Null where all have the same. */
  readonly fieldSets: readonly (FieldSet | Error)[] | null;
  /** By object: its number among those of its field set. Null: the same number. */
  readonly positions: readonly number[] | null;
  readonly levels: ReadonlyMap<FieldSet, Level>;
  /** The object that is written next. */
  next: number;
}

/**
 * Fetches what a field set needs for all of its objects together, and then what is below them: the number of statements does not depend on
 * the number of objects. It returns a promise only if a resolver does, and never throws or rejects.
 */
export function fetchLevel(
  fieldSet: FieldSet,
  objects: readonly unknown[],
  run: Run,
): Level | Promise<Level> {
  const level = new Level();
  const pending: Promise<void>[] = [];
  for (const field of fieldSet.fetched) {
    const fetching = fetchField(level, field, objects, run);
    if (fetching) pending.push(fetching);
  }
  return pending.length === 0 ? level : Promise.all(pending).then(() => level);
}

function fetchField(
  level: Level,
  field: PlannedField,
  objects: readonly unknown[],
  run: Run,
): Promise<void> | undefined {
  const { resolve, property } = field;
  const values = resolve ? resolve(objects, run) : objects.map((object) => read(object, property));
  return values instanceof Promise
    ? values.then((resolved) => fetchBelow(level, field, resolved, run))
    : fetchBelow(level, field, values, run);
}

/** A getter may throw. */
function read(object: unknown, property: string): unknown {
  try {
    return (object as Record<string, unknown>)[property];
  } catch (error) {
    return toError(error);
  }
}

function fetchBelow(
  level: Level,
  field: PlannedField,
  resolved: readonly unknown[],
  run: Run,
): Promise<void> | undefined {
  const settled = settleAll(resolved, field.nullable.length - 1);
  if (settled instanceof Promise) {
    return settled.then((values) => fetchObjects(level, field, values, run));
  }
  return fetchObjects(level, field, settled, run);
}

function fetchObjects(
  level: Level,
  { index, objects: place, nullable }: PlannedField,
  values: readonly unknown[],
  run: Run,
): Promise<void> | undefined {
  level.values[index] = values;
  if (!place?.isDeep) return undefined;
  const objects: unknown[] = [];
  const starts: number[] = [];
  for (const value of values) {
    starts.push(objects.length);
    addObjects(value, nullable.length - 1, objects);
  }
  const fetching = place.only
    ? fetchAlike(place.only, objects, starts, run)
    : fetchByType(place, objects, starts, run);
  if (fetching instanceof Promise)
    return fetching.then((below) => void (level.below[index] = below));
  level.below[index] = fetching;
  return undefined;
}

/** @param depth how many lists are nested */
function addObjects(value: unknown, depth: number, objects: unknown[]): void {
  if (value === null || value === undefined || value instanceof Error) return;
  if (depth === 0) objects.push(value);
  else if (Array.isArray(value)) for (const item of value) addObjects(item, depth - 1, objects);
}

function fetchAlike(
  fieldSet: FieldSet,
  objects: readonly unknown[],
  starts: readonly number[],
  run: Run,
): Below | Promise<Below> {
  const toBelow = (level: Level): Below => ({
    starts,
    fieldSets: null,
    positions: null,
    levels: new Map([[fieldSet, level]]),
    next: 0,
  });
  const level = fetchLevel(fieldSet, objects, run);
  return level instanceof Promise ? level.then(toBelow) : toBelow(level);
}

function fetchByType(
  place: ObjectPlace,
  objects: readonly unknown[],
  starts: readonly number[],
  run: Run,
): Below | Promise<Below> {
  const chosen = objects.map((object) => {
    try {
      const fieldSet = place.fieldSetOf(object, run);
      return isPromiseLike(fieldSet) ? fieldSet.then((one) => one, toError) : fieldSet;
    } catch (error) {
      return toError(error);
    }
  });
  if (!chosen.some(isPromiseLike)) {
    return fetchChosen(objects, chosen as (FieldSet | Error)[], starts, run);
  }
  const settled = Promise.all(chosen.map((one) => Promise.resolve(one)));
  return settled.then((fieldSets) => fetchChosen(objects, fieldSets, starts, run));
}

function fetchChosen(
  objects: readonly unknown[],
  fieldSets: readonly (FieldSet | Error)[],
  starts: readonly number[],
  run: Run,
): Below | Promise<Below> {
  const members = new Map<FieldSet, unknown[]>();
  const positions = fieldSets.map((fieldSet, i) => {
    if (fieldSet instanceof Error || !isDeep(fieldSet)) return 0;
    const known = members.get(fieldSet);
    if (known) return known.push(objects[i]) - 1;
    members.set(fieldSet, [objects[i]]);
    return 0;
  });
  const levels = new Map<FieldSet, Level>();
  const pending: Promise<void>[] = [];
  for (const [fieldSet, ofType] of members) {
    const level = fetchLevel(fieldSet, ofType, run);
    if (level instanceof Promise) pending.push(level.then((one) => void levels.set(fieldSet, one)));
    else levels.set(fieldSet, level);
  }
  const below: Below = { starts, fieldSets, positions, levels, next: 0 };
  return pending.length === 0 ? below : Promise.all(pending).then(() => below);
}
