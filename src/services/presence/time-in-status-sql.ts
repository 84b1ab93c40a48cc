import { dueStatusId } from "./presence-sql.js";

/** The longest range that is computed. */
export const MAX_DAYS = 366;

/**
 * Selects how many seconds each user of $1 was in each status between $2 and $3, at most until `now`, an SQL expression;
 * with null for $3, until `now`. A range that is too long gives a single row with "isTooLong".
 *
 * The time of a user is a row of steps: the status in effect when it begins, the changes of the history after that, and
 * the steps of the plan that are due since. A step lasts until the next one. Nothing is known of the time after `now` or
 * before the user was created.
 */
export const timeInStatus = (now: string): string => `
  WITH range AS (
    SELECT $2::timestamptz AS since, least($3::timestamptz, ${now}) AS until
  ), asked AS (
    SELECT p.user_id, p.status_id, p.plan, greatest(r.since, u.created_at) AS since, r.until
    FROM unnest($1::int[]) AS k(user_id) JOIN users u ON u.id = k.user_id JOIN presences p ON p.user_id = u.id
    CROSS JOIN range r
    WHERE greatest(r.since, u.created_at) < r.until AND r.until - r.since <= make_interval(days => ${MAX_DAYS})
  ), steps AS (
    SELECT a.user_id, a.since AS at, 0 AS nth, 0 AS id, coalesce(
      ${dueStatusId("a", "a.since")},
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
