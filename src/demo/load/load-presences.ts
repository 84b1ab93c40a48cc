import type { EntityManager } from "typeorm";

/**
 * Three of sixty users are connected for a day. Three of ten have a claim: without an end (n % 10 is 1 or 5)
 * or for some days (2), of which every other one is from a calendar; one of 2,000 is locked above a claim
 * without an end. Claims end after the connections, so that at most one step follows the state in effect.
 */
const CLAIMED = `
  CREATE TEMPORARY TABLE load_claimed ON COMMIT DROP AS
  SELECT
    n, user_id, now,
    CASE WHEN n % 10 IN (1, 2, 5) THEN (ARRAY[1, 2, 3, 5, 8, 4])[1 + n % 7 % 6] END AS claim_status_id,
    CASE WHEN n % 20 = 12 THEN 'EXTERNAL' ELSE 'MANUAL' END AS claim_kind,
    CASE WHEN n % 10 = 2 THEN now + (2 + n % 7) * interval '1 day' END AS claim_until,
    CASE WHEN n % 2000 = 5 THEN (ARRAY[2, 3, 4, 8])[1 + n / 4000 % 4] END AS lock_status_id,
    CASE WHEN n % 4000 = 5 THEN now + interval '7 days' END AS lock_until,
    CASE WHEN n % 60 IN (0, 3, 5) THEN now + interval '1 day' END AS lease_until,
    now - (1 + n % 300) * interval '1 minute' AS set_at
  FROM load_users, date_trunc('milliseconds', now()) AS now
`;

/**
 * The result of planPresence (src/domain/presence.ts) for these claims; test/demo/load-data.test.ts compares
 * them.
 */
const PRESENCES = `
  WITH effective AS (
    SELECT *,
      coalesce(lock_status_id, claim_status_id, CASE WHEN lease_until IS NULL THEN 4 ELSE 1 END) AS status_id,
      CASE WHEN lock_status_id IS NOT NULL THEN 'LOCK'
           WHEN claim_status_id IS NOT NULL THEN claim_kind
           ELSE 'CONNECTION' END AS source,
      CASE WHEN lock_status_id IS NOT NULL THEN lock_until
           WHEN claim_status_id IS NOT NULL THEN claim_until
           ELSE lease_until END AS changes_at,
      CASE WHEN lock_status_id IS NOT NULL THEN claim_status_id ELSE 4 END AS next_status_id,
      CASE WHEN lock_status_id IS NOT NULL THEN claim_kind ELSE 'CONNECTION' END AS next_source
    FROM load_claimed
  )
  INSERT INTO presences (user_id, status_id, source, since, changes_at, plan, lease_until, online_since,
                         last_seen_at, last_view_module, last_view_name, last_view_target)
  SELECT
    user_id, status_id, source, set_at, changes_at,
    CASE WHEN changes_at IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
      'at', to_char(changes_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'statusId', next_status_id,
      'source', next_source,
      'since', to_char((CASE WHEN next_status_id = status_id THEN set_at ELSE changes_at END) AT TIME ZONE 'UTC',
                       'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    )) END,
    lease_until,
    CASE WHEN lease_until IS NOT NULL THEN set_at END,
    CASE WHEN lease_until IS NOT NULL THEN now
         WHEN n % 3 <> 0 THEN now - (10 + n % 20000) * interval '1 minute' END,
    CASE WHEN n % 60 = 0 THEN 'support' END,
    CASE WHEN n % 60 = 0 THEN 'getticket' END,
    CASE WHEN n % 60 = 0 THEN 'ticketid|' || n END
  FROM effective
`;

const CLAIMS = `
  INSERT INTO presence_claims (user_id, kind, source, status_id, set_at, until, set_by, reason)
  SELECT user_id, claim_kind, CASE claim_kind WHEN 'EXTERNAL' THEN 'calendar' END, claim_status_id, set_at,
         claim_until, CASE claim_kind WHEN 'MANUAL' THEN user_id END, NULL
  FROM load_claimed
  WHERE claim_status_id IS NOT NULL
  UNION ALL
  SELECT user_id, 'LOCK', NULL, lock_status_id, set_at, lock_until,
         (SELECT user_id FROM load_users WHERE is_agent ORDER BY n DESC LIMIT 1),
         CASE WHEN lock_until IS NOT NULL THEN 'Quality review' END
  FROM load_claimed
  WHERE lock_status_id IS NOT NULL
`;

const HISTORY = `
  INSERT INTO status_changes (user_id, from_status_id, to_status_id, source, cause, actor, door, changed_at)
  SELECT user_id, 4, status_id, source,
         CASE source WHEN 'LOCK' THEN 'lockStatus'
                     WHEN 'MANUAL' THEN 'setStatus'
                     WHEN 'EXTERNAL' THEN 'reportExternalStatus'
                     ELSE 'heartbeat' END,
         'rollcall', 'SYSTEM', since
  FROM presences JOIN load_claimed USING (user_id)
  WHERE status_id <> 4
`;

/** Inserts presences, their claims, and the one change that led to the status in effect. */
export async function insertLoadPresences(manager: EntityManager): Promise<void> {
  for (const statement of [CLAIMED, PRESENCES, CLAIMS, HISTORY]) await manager.query(statement);
}
