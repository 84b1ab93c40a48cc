import type { DataSource } from "typeorm";

/** A digest of every table, by its name. Two digests are equal when the table did not change in between. */
export async function digestTables(dataSource: DataSource): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { tableName } of dataSource.entityMetadatas) {
    const [row]: [{ digest: string }] = await dataSource.query(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') AS digest
       FROM ${dataSource.driver.escape(tableName)} AS t`,
    );
    digests[tableName] = row.digest;
  }
  return digests;
}
