import type { DataSource } from "typeorm";

/**
 * A digest of every table, by its name: two are equal when nothing was changed in between. That a
 * credential was used, or a wrong one tried, is noted beside the request, and is no change.
 */
export async function contentsOf(dataSource: DataSource): Promise<Record<string, string>> {
  const tables: { name: string }[] = await dataSource.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'counters' ORDER BY 1`,
  );
  const digests = tables.map(
    ({
      name,
    }) => `SELECT '${name}' AS name, count(*) || ' ' || coalesce(md5(string_agg(row, '\n' ORDER BY row)), '') AS digest
      FROM (SELECT (to_jsonb(t) - 'last_used_at')::text AS row FROM ${dataSource.driver.escape(name)} t) r`,
  );
  const rows: { name: string; digest: string }[] = await dataSource.query(
    digests.join(" UNION ALL "),
  );
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}
