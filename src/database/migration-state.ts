import { migrations } from "../../migrations/index.js";

export interface MigrationState {
  /** Migrations of this version that have not run, in order. */
  readonly pending: readonly string[];
  /** Migrations that have run and are unknown to this version: those of a newer one. */
  readonly unknown: readonly string[];
}

/** Read-only, also on an empty database. */
export async function readMigrationState(
  query: (sql: string) => Promise<unknown>,
): Promise<MigrationState> {
  const [table] = (await query(`SELECT to_regclass('schema_migrations') AS oid`)) as [
    { oid: string | null },
  ];
  const rows =
    table.oid === null
      ? []
      : ((await query(`SELECT name FROM schema_migrations ORDER BY id`)) as { name: string }[]);
  const run = new Set(rows.map(({ name }) => name));
  const known = migrations.map(({ name }) => name);
  return {
    pending: known.filter((name) => !run.has(name)),
    unknown: [...run].filter((name) => !known.includes(name)),
  };
}
