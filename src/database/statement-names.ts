import { createHash } from "node:crypto";

/**
 * Each connection keeps the plans of the named statements, of up to a megabyte, for as long as it lasts.
 * Filters can be combined in more ways than that; those that come later are planned each time.
 */
const NAMED_MAX = 200;

/** Postgres parses and plans a named statement once per connection. The name follows from the text. */
export class StatementNames {
  private readonly names = new Map<string, string>();
  private readonly max: number;

  /** @param areKept false behind a pooler that leads each transaction to another connection, where no name is known */
  constructor(areKept = true) {
    this.max = areKept ? NAMED_MAX : 0;
  }

  /** @returns undefined when enough have one */
  nameOf(sql: string): string | undefined {
    const known = this.names.get(sql);
    if (known !== undefined || this.names.size >= this.max) return known;
    const name = `rollcall_${createHash("sha256").update(sql).digest("hex").slice(0, 24)}`;
    this.names.set(sql, name);
    return name;
  }
}
