import type { GraphQLField } from "graphql";
import { SelectedColumns } from "../../database/selected-columns.js";
import type { ObjectPlace } from "./plan.js";

/** The properties of its parent that a field's resolver reads, as `@Columns` declares them. The primary key is always there. */
const declaredBy = (field: GraphQLField<unknown, unknown> | undefined): readonly string[] =>
  (field?.extensions["columns"] as readonly string[] | undefined) ?? [];

/**
 * The columns that are read of the objects of a place, and of the objects in their properties. What a resolver returns further down
 * has columns of its own.
 */
export function selectedColumns(place: ObjectPlace | null): SelectedColumns {
  const byType = new Map<string, Set<string>>();
  if (place) collect(place, byType);
  return new SelectedColumns(byType);
}

function collect(place: ObjectPlace, byType: Map<string, Set<string>>): void {
  for (const { type, fields } of place.fieldSets) {
    const names = byType.get(type.name) ?? new Set();
    byType.set(type.name, names);
    for (const { property, constant, resolve, objects } of fields) {
      if (constant !== null) continue;
      if (resolve) for (const name of declaredBy(type.getFields()[property])) names.add(name);
      else {
        names.add(property);
        if (objects) collect(objects, byType);
      }
    }
  }
}
