import type { EntityManager } from "typeorm";

const numberedByHand = [
  ["users", "id"],
  ["users", "clientexec_id"],
  ["users", "jtel_id"],
  ["users", "omnidesk_id"],
  ["groups", "id"],
  ["campaigns", "id"],
  ["views", "id"],
] as const;

/** Lets the next rows be numbered after those that brought their numbers with them. */
export async function continueSequences(manager: EntityManager): Promise<void> {
  for (const [table, column] of numberedByHand) {
    await manager.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), (SELECT max(${column}) FROM ${table}))`,
      [table, column],
    );
  }
}
