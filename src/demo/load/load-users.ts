import type { EntityManager } from "typeorm";
import { firstNames, lastNames, RARE_LAST_NAME } from "./load-names.js";

export interface LoadBatch {
  readonly from: number;
  readonly to: number;
  readonly users: number;
  readonly agents: number;
}

/**
 * Inserts the users of a batch, and creates `load_users`, a table for the duration of the transaction: the
 * numbers of the batch's users with the ids that the database assigned.
 *
 * Agents are distributed evenly. Telephones are the ranges 200-555-0100 to 999-555-0199, which North America
 * reserves for fiction: 80,000 numbers, one for each of four users in five until they are used up, because a
 * number that two users share identifies neither.
 */
export async function insertLoadUsers(manager: EntityManager, batch: LoadBatch): Promise<void> {
  await manager.query(`
    CREATE TEMPORARY TABLE load_users (
      n        integer NOT NULL,
      user_id  integer NOT NULL,
      is_agent boolean NOT NULL
    ) ON COMMIT DROP
  `);
  await manager.query(
    `WITH numbered AS (
       SELECT n, n::bigint * $4 / $3 > (n - 1)::bigint * $4 / $3 AS is_agent, n / 5 * 4 + n % 5 AS line
       FROM generate_series($1::integer, $2::integer) AS n
     ), added AS (
       INSERT INTO users (username, jtel_uid, rocket_chat_id, firstname, lastname, email, email_verified,
                          telephone, language, date_format, kind, active, created_at, updated_at)
       SELECT
         'load' || lpad(n::text, 6, '0'),
         'load' || lpad(n::text, 6, '0'),
         'Load' || lpad(n::text, 13, '0'),
         ($5::text[])[1 + n % cardinality($5::text[])],
         CASE WHEN n % 5000 = 1234 THEN $7 ELSE ($6::text[])[1 + n % cardinality($6::text[])] END,
         'load' || lpad(n::text, 6, '0') || (ARRAY['@example.com', '@example.org', '@example.net'])[1 + n % 3],
         n % 4 <> 0,
         CASE WHEN n % 5 < 4 AND line < 80000
              THEN '+1' || 200 + line / 100 || '55501' || lpad((line % 100)::text, 2, '0') END,
         (ARRAY['en', 'nl', 'de', 'fr'])[1 + n % 4],
         (ARRAY['en_GB', 'nl_NL', 'de_DE', 'fr_FR'])[1 + n % 4],
         CASE WHEN is_agent THEN 'STAFF' ELSE 'CUSTOMER' END,
         n % 100 <> 99,
         timestamptz '2024-01-01 00:00:00+00' + n * interval '1 minute',
         timestamptz '2024-01-01 00:00:00+00' + n * interval '1 minute'
       FROM numbered
       ORDER BY n
       RETURNING id, username
     )
     INSERT INTO load_users (n, user_id, is_agent)
     SELECT numbered.n, added.id, numbered.is_agent
     FROM added JOIN numbered ON numbered.n = right(added.username, 6)::integer`,
    [batch.from, batch.to, batch.users, batch.agents, firstNames, lastNames, RARE_LAST_NAME],
  );
}
