import type { DataSource } from "typeorm";
import { seedLoad } from "../../src/demo/load/seed-load.js";

/**
 * Users that are hard to list: many with the same name, without one, created in the same second, with capitals and
 * non-ASCII letters; some in every status, locked, or with all slots taken.
 */
const HARDEN = [
  `UPDATE users SET lastname = (ARRAY['Meyer', 'meyer', 'Ödegård', 'ödegård', 'Zhang', '王'])[1 + id % 6]`,
  `UPDATE users SET firstname = (ARRAY['Ana', 'ana', 'Émile', 'ÉMILE'])[1 + id % 4] WHERE id % 2 = 0`,
  `UPDATE users SET lastname = NULL WHERE id % 7 = 0`,
  `UPDATE users SET firstname = NULL WHERE id % 5 = 0`,
  `UPDATE users SET lastname = repeat('王', 100), firstname = repeat('山', 100) WHERE id % 29 = 0`,
  `UPDATE users SET username = upper(username) WHERE id % 3 = 0`,
  `UPDATE users SET active = id % 10 <> 0, created_at = date_trunc('hour', created_at) + interval '1 microsecond' * (id % 3)`,
  `UPDATE agents SET registered_at = date_trunc('hour', registered_at),
     availability = CASE WHEN user_id % 4 = 0 THEN 'NOT_AVAILABLE' ELSE 'AVAILABLE' END`,
  `INSERT INTO managers (user_id) SELECT user_id FROM agents WHERE user_id % 5 = 0 ON CONFLICT DO NOTHING`,
  `DELETE FROM presence_claims WHERE kind = 'LOCK'`,
  `INSERT INTO presence_claims (user_id, kind, status_id) SELECT id, 'LOCK', 3 FROM users WHERE id % 11 = 0`,
  `UPDATE presences SET status_id = 3, source = 'LOCK', changes_at = NULL, plan = '[]' WHERE user_id % 11 = 0`,
  `UPDATE user_settings SET max_chats = user_id % 5`,
  `INSERT INTO reservations (user_id, channel, state, expires_at, fencing_token, reserved_by)
   SELECT user_id, 'phone', (ARRAY['HELD', 'HELD', 'ACCEPTED', 'RELEASED'])[1 + token % 4],
     now() + CASE WHEN token % 4 = 0 THEN interval '-1 minute' ELSE interval '1 day' END, token, 'test'
   FROM agents, generate_series(1, 4) AS token WHERE user_id % 4 = 0`,
];

export async function givenContactCentre(dataSource: DataSource, users: number): Promise<void> {
  await seedLoad(dataSource, { users, agents: Math.floor(users / 2) });
  for (const statement of HARDEN) await dataSource.query(statement);
}
