import type { Change } from "../../database/change.js";
import { lockPresences, overdueMs, settleAll } from "./settlement.js";

export const SETTLE_BATCH = 500;
/** How many batches are on their way at once when there is more than one. */
export const SETTLE_LINES = 3;

/** Each part by its own index, and past the rows that another process is at. */
const free = (ownerOf: string) => `LIMIT ${SETTLE_BATCH} FOR UPDATE OF ${ownerOf} SKIP LOCKED`;

const DUE = `
  WITH changed AS (
    SELECT user_id FROM presences p WHERE changes_at <= now() ORDER BY changes_at ${free("p")}
  ), silent AS (
    SELECT user_id FROM presences p WHERE lease_until <= now() ORDER BY lease_until ${free("p")}
  ), ended AS (
    SELECT p.user_id FROM presence_claims c JOIN presences p ON p.user_id = c.user_id
    WHERE c.until <= now() ORDER BY c.until ${free("p")}
  )
  SELECT user_id AS "userId" FROM changed UNION SELECT user_id FROM silent UNION SELECT user_id FROM ended`;

/**
 * Takes what ran out, and tells of it: statuses, connections, and choices below something stronger. People
 * whom somebody else is just busy with are left to them, so that nothing here waits for anything, and
 * several processes share the work.
 *
 * @returns of the presences that were brought up to date how late that was, in milliseconds
 */
export async function settleExpired(change: Change): Promise<number[]> {
  const due = await change.query<{ userId: number }>(DUE);
  const states = await lockPresences(
    change,
    due.map(({ userId }) => userId),
  );
  const late = states.map(overdueMs);
  settleAll(change, states, "expired");
  return late;
}
