import { createDataSource } from "../../../src/database/connections/data-source.js";

/** Indexes that only searches use. They take longer to fill than the rest of the database. */
const SEARCH_INDEXES = ["users_search_idx", "users_jtel_uid_search_idx"];

const INSERTS = [
  `INSERT INTO users (username, jtel_uid, rocket_chat_id, firstname, lastname, email)
   SELECT name, name, 'Crowd' || lpad(n::text, 12, '0'), 'Person ' || n, 'of the Crowd', name || '@example.com'
   FROM generate_series(1, $1::integer) n, LATERAL (SELECT 'crowd' || lpad(n::text, 6, '0') AS name) named`,
  `INSERT INTO presences (user_id, status_id, source, lease_until, online_since, last_seen_at,
                          last_view_module, last_view_name, last_view_target, telephone_changed_at)
   SELECT id, 1, 'MANUAL', now() + interval '1 day', now() - interval '90 minutes', now(),
          'support', 'getticket', 'ticketid|' || id, now()
   FROM users`,
  `INSERT INTO user_settings (user_id) SELECT id FROM users`,
  `ANALYZE`,
];

/** Fills an empty database with this many users, all of them online. */
export async function insertCrowd(url: string, people: number): Promise<void> {
  const dataSource = createDataSource({ url, poolMax: 2, statementTimeoutMs: 0 });
  await dataSource.initialize();
  try {
    for (const index of SEARCH_INDEXES) await dataSource.query(`DROP INDEX ${index}`);
    for (const sql of INSERTS) await dataSource.query(sql, sql.includes("$1") ? [people] : []);
  } finally {
    await dataSource.destroy();
  }
}
