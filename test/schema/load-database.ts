import { createLogger } from "../../src/observability/logging/logger.js";
import type { DataSource } from "typeorm";
import { loadConfig } from "../../src/config/schema.js";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { seedLoad } from "../../src/demo/load/seed-load.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import { createServices, type Services } from "../../src/services/index.js";
import { createFilledDatabase } from "../support/database.js";
import { Explainer } from "../support/explain.js";

export const USERS = 100_000;
const AGENTS = 20_000;

/** An agent in the middle of every order. */
export const MIDDLE = "load050000";

/** The number of status changes of the agent in the middle. */
export const LONG_PAST = 20_000;

export const LAST_RECORD = "2026-01-01T00:00:00Z";

/**
 * What the load lacks: very small groups, very rare values, and matches that all lie at one end of every order.
 * The statements may name users by their number n, as in `load000123`.
 */
const EXTRAS = [
  `INSERT INTO groups (name) VALUES ('Small'), ('Late')`,
  `INSERT INTO group_members (group_id, user_id)
   SELECT g.id, u.id FROM groups g JOIN users u ON u.username IN ('load000010', 'load050005', 'load099990')
   WHERE g.name = 'Small'`,
  `INSERT INTO group_members (group_id, user_id)
   SELECT g.id, u.id FROM groups g JOIN users u ON u.username > 'load097000' WHERE g.name = 'Late'`,
  // Few users are BUSY, and none has the status 6.
  `UPDATE presences SET status_id = 4 WHERE status_id = 2 AND user_id % 500 <> 5`,
  // Some presences have a due step that is not settled.
  `UPDATE presences SET changes_at = now() - interval '1 minute',
          plan = jsonb_set(plan, '{0,at}', to_jsonb(now() - interval '1 minute'))
   WHERE changes_at IS NOT NULL AND user_id % 100 = 3`,
  // All agents have past reservations; a few have no free slot.
  `INSERT INTO reservations (user_id, channel, state, expires_at, fencing_token, reserved_by)
   SELECT user_id, 'phone', 'RELEASED', now(), k, 'load' FROM agents CROSS JOIN generate_series(1, 2) AS k`,
  `INSERT INTO reservations (user_id, channel, state, expires_at, fencing_token, reserved_by)
   SELECT a.user_id, 'phone', 'ACCEPTED', now(), 2 + k, 'load'
   FROM agents a JOIN user_settings s USING (user_id) CROSS JOIN LATERAL generate_series(1, s.max_chats) AS k
   WHERE a.user_id % 400 = 0`,
  `INSERT INTO status_changes (user_id, from_status_id, to_status_id, source, cause, actor, door, changed_at)
   SELECT u.id, 4, 1, 'MANUAL', 'setStatus', 'load', 'GRAPHQL', now() - k * interval '1 minute'
   FROM users u CROSS JOIN generate_series(1, ${LONG_PAST}) AS k WHERE u.username = '${MIDDLE}'`,
  `INSERT INTO login_sessions (user_id, token_hash, expires_at)
   SELECT id, sha256(username::bytea), now() + interval '1 day' FROM users WHERE id % 5 = 0`,
  // Record k is k seconds older than the last.
  `INSERT INTO audit_records (recorded_at, actor_kind, actor, door, action, target_type, target_id, request_id)
   SELECT timestamptz '${LAST_RECORD}' - k * interval '1 second', 'API_KEY', CASE WHEN k % 30000 = 7 THEN 'rare' ELSE 'actor ' || k % 20 END,
          CASE WHEN k % 30000 = 9 THEN 'CLI' ELSE 'GRAPHQL' END,
          CASE WHEN k % 30000 = 8 THEN 'revokeApiKey' ELSE 'action ' || k % 10 END,
          CASE WHEN k % 30000 = 8 THEN 'ApiKey' ELSE 'User' END, 'target ' || k % 20000, 'request'
   FROM generate_series(1, 100000) AS k ORDER BY k`,
];

export interface LoadDatabase {
  readonly dataSource: DataSource;
  readonly services: Services;
  readonly explainer: Explainer;
  readonly groupIds: { readonly large: string; readonly small: string; readonly late: string };
  readonly close: () => Promise<void>;
}

async function fill(url: string): Promise<void> {
  const dataSource = createDataSource({ url, poolMax: 1, statementTimeoutMs: 120_000 });
  await dataSource.initialize();
  try {
    // Row by row, these indexes take longer to fill than the rest of the database; in one pass they are fast.
    const indexes: { name: string; definition: string }[] = await dataSource.query(
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
       WHERE schemaname = 'public' AND indexdef LIKE '%USING gin%'`,
    );
    for (const { name } of indexes) await dataSource.query(`DROP INDEX ${name}`);
    // Does not check foreign keys: the test of the load covers them.
    await dataSource.query(`SET session_replication_role = replica`);
    await seedLoad(dataSource, { users: USERS, agents: AGENTS });
    for (const statement of EXTRAS) await dataSource.query(statement);
    for (const { definition } of indexes) await dataSource.query(definition);
    // As autovacuum does eventually.
    await dataSource.query(`VACUUM (ANALYZE)`);
  } finally {
    await dataSource.destroy();
  }
}

export async function openLoadDatabase(): Promise<LoadDatabase> {
  const url = await createFilledDatabase("load", fill);
  const config = loadConfig({ NODE_ENV: "test", DATABASE_URL: url });
  const dataSource = createDataSource({ url, poolMax: 3, statementTimeoutMs: 120_000 });
  await dataSource.initialize();

  const explainer = new Explainer(url);
  await explainer.connect();
  const groups: { id: number; name: string }[] = await dataSource.query(
    `SELECT id, name FROM groups`,
  );
  const idOf = (wanted: string) =>
    toGlobalId("Group", groups.find(({ name }) => name === wanted)?.id ?? 0);
  return {
    dataSource,
    services: createServices(dataSource, config, createLogger("silent")),
    explainer,
    groupIds: { large: idOf("Load group 01"), small: idOf("Small"), late: idOf("Late") },
    close: async () => {
      await explainer.end();
      await dataSource.destroy();
    },
  };
}
