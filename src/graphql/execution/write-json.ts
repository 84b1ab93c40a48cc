import type { Level } from "./gather.js";
import { NotCoveredError, type ObjectValue, type Selection } from "./plan.js";

/**
 * Writes down one object, the next of its level.
 *
 * @param level null when nothing was fetched for such objects: all is in themselves
 */
export function objectJson(selection: Selection, object: object, level: Level | null): string {
  const position = level ? level.next++ : 0;
  let json = "";
  for (const { index, key, property, value } of selection.fields) {
    const values = level?.values[index];
    const own = values ? values[position] : (object as Record<string, unknown>)[property];
    json += key;
    json += "toJson" in value ? value.toJson(own) : valueJson(value, own, 0, level?.below[index]);
  }
  // With @skip everything may be left out.
  return json === "" ? "{}" : `${json}}`;
}

function valueJson(
  place: ObjectValue,
  value: unknown,
  depth: number,
  below: ReadonlyMap<Selection, Level> | undefined,
): string {
  if (value === null || value === undefined) {
    if (!place.nullable[depth]) throw new NotCoveredError("null where none may be");
    return "null";
  }
  if (depth === place.nullable.length - 1) {
    if (typeof value !== "object" || value instanceof Error) throw new NotCoveredError("no object");
    const selection = place.selectionOf(value);
    return objectJson(selection, value, below?.get(selection) ?? null);
  }
  if (!Array.isArray(value)) throw new NotCoveredError("no list");
  let json = "[";
  for (let i = 0; i < value.length; i += 1) {
    if (i > 0) json += ",";
    json += valueJson(place, value[i], depth + 1, below);
  }
  return `${json}]`;
}
