import type { EntityTarget, ObjectLiteral } from "typeorm";
import type { Properties } from "./table.js";

/** The properties of entities that an operation reads at one place of its result. */
export class SelectedColumns {
  /** Equal for equal selections. */
  readonly key: string;

  /** @param byType by the names of the types of the schema, which are those of the entity classes */
  constructor(private readonly byType: ReadonlyMap<string, Properties>) {
    const types = [...byType].sort(([a], [b]) => (a < b ? -1 : 1));
    this.key = types.map(([type, names]) => `${type}(${[...names].sort().join()})`).join();
  }

  /** @returns undefined when the place has no such entity: whatever is read of it is for another purpose, and takes all columns */
  of(entity: EntityTarget<ObjectLiteral>): Properties | undefined {
    return typeof entity === "function" ? this.byType.get(entity.name) : undefined;
  }

  /** Whether a field of that name is selected of any type. */
  has(name: string): boolean {
    for (const names of this.byType.values()) if (names.has(name)) return true;
    return false;
  }
}
