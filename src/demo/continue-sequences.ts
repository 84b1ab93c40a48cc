import type { EntityManager } from "typeorm";

const explicitIdColumns = [
  ["users", "id"],
  ["users", "clientexec_id"],
  ["users", "jtel_id"],
  ["users", "omnidesk_id"],
  ["groups", "id"],
  ["campaigns", "id"],
  ["views", "id"],
] as const;

/** Sets the sequences behind the ids of rows that were inserted with explicit ids. */
export async function continueSequences(manager: EntityManager): Promise<void> {
  for (const [table, column] of explicitIdColumns) {
    await manager.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), (SELECT max(${column}) FROM ${table}))`,
      [table, column],
    );
  }
}
