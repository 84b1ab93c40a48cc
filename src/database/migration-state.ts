import { migrations } from "../../migrations/index.js";

export interface MigrationState {
  /** Those of this version that have not run, in their order. */
  readonly pending: readonly string[];
  /** Those that have run and that this version does not know: a newer one was here. */
  readonly unknown: readonly string[];
}

/** Reads what has run, and changes nothing, not even in an empty database. */
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
