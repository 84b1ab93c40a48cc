import type { User } from "../../src/entities/user.entity.js";
import type { TestGateway } from "./gateway.js";

/**
 * Moves the earliest end of a user to now, as if the time until then had passed, and later ends by the same amount.
 * So the state before an end does not depend on the speed of the machine.
 *
 * @returns the time of the end
 */
export async function letEnd(
  { dataSource }: Pick<TestGateway, "dataSource">,
  { id }: Pick<User, "id">,
): Promise<string> {
  const [end] = await dataSource.query<{ at: Date }[]>(
    // Locks the row first that a sweeper locks first: otherwise the two could deadlock.
    `WITH held AS MATERIALIZED (
       SELECT FROM presences WHERE user_id = $1 FOR NO KEY UPDATE
     ), clock AS (
       SELECT date_trunc('milliseconds', clock_timestamp()) AS now FROM held
     ), ends AS (
       SELECT until AS at FROM presence_claims WHERE user_id = $1
       UNION ALL SELECT unnest(ARRAY[changes_at, lease_until]) FROM presences WHERE user_id = $1
       UNION ALL SELECT (step->>'at')::timestamptz FROM presences, jsonb_array_elements(plan) step WHERE user_id = $1
     ), first AS (
       SELECT now, min(at) - now AS ahead FROM ends, clock WHERE at > now GROUP BY now
     ), claims AS (
       UPDATE presence_claims SET until = ${earlier("until")} FROM first WHERE user_id = $1
     ), presence AS (
       UPDATE presences SET changes_at = ${earlier("changes_at")}, lease_until = ${earlier("lease_until")},
         plan = (
           SELECT coalesce(jsonb_agg(step || jsonb_build_object(
             'at', ${earlier("(step->>'at')::timestamptz")},
             'since', ${earlier("(step->>'since')::timestamptz")})), '[]')
           FROM jsonb_array_elements(plan) step)
       FROM first WHERE user_id = $1
     )
     SELECT now AS at FROM first`,
    [id],
  );
  if (!end) throw new Error("nothing of theirs is going to end");
  return end.at.toISOString();
}

/** Shifts future times only. */
const earlier = (moment: string) => `${moment} - CASE WHEN ${moment} > now THEN ahead ELSE '0' END`;
