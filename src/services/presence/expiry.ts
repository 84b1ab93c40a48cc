import type { Change } from "../../database/changes/change.js";
import { TRANSACTION_TIME } from "../../database/sql-time.js";
import { hasDueStep, hasEndedLease, isEndedClaim } from "./presence-sql.js";
import { applyTransitions, lockPresences } from "./store.js";
import { overdueMs } from "./transition.js";

export const EXPIRY_BATCH = 500;

/** How many batches are in flight after a full one. */
export const EXPIRY_CONCURRENCY = 3;

const free = (alias: string) => `LIMIT ${EXPIRY_BATCH} FOR UPDATE OF ${alias} SKIP LOCKED`;

/** Each part uses its own index. */
const DUE = `
  WITH changed AS (
    SELECT user_id FROM presences p WHERE ${hasDueStep("p", TRANSACTION_TIME)} ORDER BY changes_at ${free("p")}
  ), silent AS (
    SELECT user_id FROM presences p WHERE ${hasEndedLease("p", TRANSACTION_TIME)} ORDER BY lease_until ${free("p")}
  ), ended AS (
    SELECT p.user_id FROM presence_claims c JOIN presences p ON p.user_id = c.user_id
    WHERE ${isEndedClaim("c", TRANSACTION_TIME)} ORDER BY c.until ${free("p")}
  )
  SELECT user_id AS "userId" FROM changed UNION SELECT user_id FROM silent UNION SELECT user_id FROM ended`;

/**
 * Writes and announces what has expired: statuses, leases, and claims below a stronger one. Skips presences that other
 * transactions have locked, so several processes share the work and none waits.
 *
 * @returns how late each presence is, in milliseconds
 */
export async function expirePresences(change: Change): Promise<number[]> {
  const due = await change.query<{ userId: number }>(DUE);
  const states = await lockPresences(
    change,
    due.map(({ userId }) => userId),
  );
  applyTransitions(change, states, "expired");
  return states.map(overdueMs);
}
