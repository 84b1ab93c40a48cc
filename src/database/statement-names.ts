import { createHash } from "node:crypto";

/**
 * Each connection keeps the plans of its named statements, up to a megabyte each. Filters have more combinations than
 * this; the statements beyond are planned each time.
 */
const NAMED_MAX = 200;

/** Names statements by their text. Postgres parses and plans a named statement once per connection. */
export class StatementNames {
  private readonly names = new Map<string, string>();
  private readonly max: number;

  /** @param areKept false behind a pooler: each transaction may use another connection, which does not know the names */
  constructor(areKept = true) {
    this.max = areKept ? NAMED_MAX : 0;
  }

  /** @returns undefined beyond the limit */
  nameOf(sql: string): string | undefined {
    const known = this.names.get(sql);
    if (known !== undefined || this.names.size >= this.max) return known;
    const name = `rollcall_${createHash("sha256").update(sql).digest("hex").slice(0, 24)}`;
    this.names.set(sql, name);
    return name;
  }
}
