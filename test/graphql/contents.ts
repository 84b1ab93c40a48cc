import type { DataSource } from "typeorm";
import type { TestGateway } from "../support/gateway.js";

/** Their records of use are written outside the request and do not count as changes. */
const NOTED = ["api_keys", "login_sessions"];

/**
 * A digest of every table, by its name. Two digests are equal when the table did not change in between.
 * Records of used or failed credentials are written outside the request and do not count as changes.
 */
export async function contentsOf(dataSource: DataSource): Promise<Record<string, string>> {
  const tables: { name: string }[] = await dataSource.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'counters' ORDER BY 1`,
  );
  const digests = tables.map(({ name }) => {
    const row = NOTED.includes(name) ? `(to_jsonb(t) - 'last_used_at')::text` : "t::text";
    return `SELECT '${name}' AS name, count(*) || ' ' || coalesce(sum(hashtextextended(${row}, 0)), 0) AS digest
      FROM ${dataSource.driver.escape(name)} t`;
  });
  const rows: { name: string; digest: string }[] = await dataSource.query(
    digests.join(" UNION ALL "),
  );
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

/** Expects that no test of this group changes a table. The tables are read once before all of them. */
export function expectNothingChanged(gateway: () => TestGateway): void {
  let before: Record<string, string>;
  beforeAll(async () => {
    // Earlier heartbeats may not be written yet.
    await gateway().services.presence.writeHeartbeats();
    before = await contentsOf(gateway().dataSource);
  });
  afterEach(async () => {
    expect(await contentsOf(gateway().dataSource)).toEqual(before);
  });
}
