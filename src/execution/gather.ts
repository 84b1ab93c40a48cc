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
 * a hundred objects as for one.
 */
export async function gather(
  selection: Selection,
  objects: readonly object[],
  run: Run,
): Promise<Level> {
  const level = new Level();
  await Promise.all(selection.gathered.map((field) => gatherField(level, field, objects, run)));
  return level;
}

async function gatherField(
  level: Level,
  { index, property, valuesOf, value }: PlannedField,
  objects: readonly object[],
  run: Run,
): Promise<void> {
  const values = valuesOf
    ? await valuesOf(objects, run)
    : objects.map((object) => (object as Record<string, unknown>)[property]);
  level.values[index] = values;
  if (!("selections" in value) || !value.selections.some(isDeep)) return;
  const found = new Map<Selection, object[]>();
  for (const one of values) sortOut(one, value, 0, found);
  const below = await Promise.all(
    [...found]
      .filter(([selection]) => isDeep(selection))
      .map(
        async ([selection, members]) => [selection, await gather(selection, members, run)] as const,
      ),
  );
  level.below[index] = new Map(below);
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
