import { isDeep } from "./compile.js";
import {
  NotCoveredError,
  type ObjectValue,
  type PlannedField,
  type Run,
  type Selection,
} from "./plan.js";

/** What was fetched for all objects of one selection, in the order in which they are written down. */
export class Level {
  /** By field, then by object. */
  readonly values: (readonly unknown[] | undefined)[] = [];
  /** By field: what is below it. */
  readonly below: (ReadonlyMap<Selection, Level> | undefined)[] = [];
  /** The object that is written next. */
  next = 0;
}

/**
 * Fetches what a selection needs, for all of its objects at once, and then what is below them: it takes as many statements for
 * a hundred objects as for one. Where nothing has to be waited for, nobody waits.
 */
export function gather(
  selection: Selection,
  objects: readonly object[],
  run: Run,
): Level | Promise<Level> {
  const level = new Level();
  const pending: Promise<void>[] = [];
  for (const field of selection.gathered) {
    const gathering = gatherField(level, field, objects, run);
    if (gathering) pending.push(gathering);
  }
  return pending.length === 0 ? level : Promise.all(pending).then(() => level);
}

/** Rejects where it fails at once too: others may be under way, and must be heard. */
function gatherField(
  level: Level,
  field: PlannedField,
  objects: readonly object[],
  run: Run,
): Promise<void> | undefined {
  const { property, valuesOf } = field;
  try {
    const values = valuesOf
      ? valuesOf(objects, run)
      : objects.map((object) => (object as Record<string, unknown>)[property]);
    return values instanceof Promise
      ? values.then((found) => gatherBelow(level, field, found, run))
      : gatherBelow(level, field, values, run);
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new NotCoveredError(String(error)));
  }
}

function gatherBelow(
  level: Level,
  { index, value }: PlannedField,
  values: readonly unknown[],
  run: Run,
): Promise<void> | undefined {
  level.values[index] = values;
  if (!("selections" in value) || !value.isDeep) return undefined;
  const found = new Map<Selection, object[]>();
  for (const one of values) sortOut(one, value, 0, found);
  const below = new Map<Selection, Level>();
  level.below[index] = below;
  const pending: Promise<void>[] = [];
  for (const [selection, members] of found) {
    if (!isDeep(selection)) continue;
    const gathered = gather(selection, members, run);
    if (gathered instanceof Promise) {
      pending.push(gathered.then((lower) => void below.set(selection, lower)));
    } else below.set(selection, gathered);
  }
  return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
}

/** Puts the objects, as many lists deep as the type has, to those of their selection. */
function sortOut(
  value: unknown,
  place: ObjectValue,
  depth: number,
  found: Map<Selection, object[]>,
): void {
  if (value === null || value === undefined) return;
  if (depth < place.nullable.length - 1) {
    if (!Array.isArray(value)) throw new NotCoveredError("no list");
    for (const item of value) sortOut(item, place, depth + 1, found);
    return;
  }
  if (typeof value !== "object" || value instanceof Error) throw new NotCoveredError("no object");
  const selection = place.selectionOf(value);
  const members = found.get(selection);
  if (members) members.push(value);
  else found.set(selection, [value]);
}
