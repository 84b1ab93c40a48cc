import type { DataSource } from "typeorm";
import type { TestGateway } from "../support/gateway.js";

/** Of which somebody's use of a credential is noted beside the request, which is no change. */
const NOTED = ["api_keys", "login_sessions"];

/**
 * A digest of every table, by its name: two are equal when nothing was changed in between. That a
 * credential was used, or a wrong one tried, is noted beside the request, and is no change.
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

/** Has each test of this group change nothing. What was there before is looked at once for all of them. */
export function expectNothingChanged(gateway: () => TestGateway): void {
  let before: Record<string, string>;
  beforeAll(async () => {
    // Signs of life from before are still to be written, or are just being written.
    await gateway().services.presence.writeHeartbeats();
    before = await contentsOf(gateway().dataSource);
  });
  afterEach(async () => {
    expect(await contentsOf(gateway().dataSource)).toEqual(before);
  });
}
