import { z } from "zod";
import { badInput } from "../errors/domain-error.js";
import type { Reader } from "../database/reader.js";
import { parse } from "../services/parse-input.js";
import { keyArray } from "../database/key-array.js";
import { grouped } from "./key-order.js";

const MAX_DAYS = 366;
const TOO_LONG = `must be at most ${MAX_DAYS} days before the end`;

const rangeInput = z
  .object({ since: z.date(), until: z.date().nullable() })
  .refine(({ since, until }) => until === null || until > since, {
    path: ["until"],
    message: "must be later than since",
  })
  .refine(
    ({ since, until }) =>
      until === null || until.getTime() - since.getTime() <= MAX_DAYS * 86_400_000,
    { path: ["since"], message: TOO_LONG },
  );

/** Between two times; without an end, until now. */
export interface TimeRange {
  readonly since: Date;
  readonly until: Date | null;
}

export interface StatusTime {
  readonly userId: number;
  readonly statusId: number;
  readonly seconds: number;
}

/** The last step of the plan that has come due by then: the sweeper may not have written it down yet. */
const lastDue = (time: string) => `
  (SELECT (step->>'statusId')::int FROM jsonb_array_elements(a.plan) step
   WHERE (step->>'at')::timestamptz <= ${time} ORDER BY (step->>'at')::timestamptz DESC LIMIT 1)`;

/**
 * Each person's time as a row of steps: what was in effect when it began, what came after that by the
 * history, and what came due since. A step lasts until the next one. Nothing is known of the future, nor
 * of the time before the person was there.
 */
const TIMES = `
  WITH range AS (
    SELECT $2::timestamptz AS since, least($3::timestamptz, now()) AS until
  ), asked AS (
    SELECT p.user_id, p.status_id, p.plan, greatest(r.since, u.created_at) AS since, r.until
    FROM unnest($1::int[]) AS k(user_id) JOIN users u ON u.id = k.user_id JOIN presences p ON p.user_id = u.id
    CROSS JOIN range r
    WHERE greatest(r.since, u.created_at) < r.until AND r.until - r.since <= make_interval(days => ${MAX_DAYS})
  ), steps AS (
    SELECT a.user_id, a.since AS at, 0 AS nth, 0 AS id, coalesce(
      ${lastDue("a.since")},
      (SELECT c.to_status_id FROM status_changes c WHERE c.user_id = a.user_id AND c.changed_at <= a.since
       ORDER BY c.changed_at DESC, c.id DESC LIMIT 1),
      (SELECT c.from_status_id FROM status_changes c WHERE c.user_id = a.user_id AND c.changed_at > a.since
       ORDER BY c.changed_at, c.id LIMIT 1),
      a.status_id) AS status_id
    FROM asked a
    UNION ALL
    SELECT a.user_id, c.changed_at, 1, c.id, c.to_status_id
    FROM asked a CROSS JOIN LATERAL (
      SELECT * FROM status_changes c
      WHERE c.user_id = a.user_id AND c.changed_at > a.since AND c.changed_at < a.until OFFSET 0) c
    UNION ALL
    SELECT a.user_id, (step->>'at')::timestamptz, 2, nth, (step->>'statusId')::int
    FROM asked a CROSS JOIN LATERAL jsonb_array_elements(a.plan) WITH ORDINALITY AS s(step, nth)
    WHERE (step->>'at')::timestamptz > a.since AND (step->>'at')::timestamptz < a.until
  ), lasting AS (
    SELECT s.user_id, s.status_id,
           lead(s.at, 1, r.until) OVER (PARTITION BY s.user_id ORDER BY s.at, s.nth, s.id) - s.at AS lasted
    FROM steps s CROSS JOIN range r
  )
  SELECT user_id AS "userId", status_id AS "statusId", extract(epoch FROM sum(lasted))::float8 AS seconds, false AS "isTooLong"
  FROM lasting GROUP BY user_id, status_id HAVING sum(lasted) > interval '0'
  UNION ALL
  SELECT 0, 0, 0, true FROM range WHERE until - since > make_interval(days => ${MAX_DAYS})
  ORDER BY "userId", "statusId"`;

/**
 * How long each person was in each status.
 *
 * @throws BAD_USER_INPUT naming the end of the range that is wrong
 */
export async function loadTimeInStatus(
  reader: Reader,
  userIds: readonly number[],
  range: TimeRange,
): Promise<StatusTime[][]> {
  const { since, until } = parse(rangeInput, range);
  const rows = await reader.query<StatusTime & { isTooLong: boolean }>(TIMES, [
    keyArray(userIds),
    since,
    until,
  ]);
  // Only the database knows what time it is, and so how long "until now" is.
  if (rows.some(({ isTooLong }) => isTooLong)) {
    throw badInput([{ path: "since", message: TOO_LONG }]);
  }
  return grouped(userIds, rows, (row) => row.userId);
}
