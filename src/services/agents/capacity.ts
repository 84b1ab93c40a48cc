import type { Capacity } from "../../domain/reservation.js";
import type { Change } from "../../database/change.js";
import type { Queries } from "../../database/queries.js";

/**
 * The moment that a statement is about. Not now(): since a transaction began, it may have waited for a
 * lock. In milliseconds, as JavaScript counts.
 */
export const MOMENT = `date_trunc('milliseconds', statement_timestamp())`;

const activeReservationsOf = (userId: string): string =>
  `(SELECT count(*)::int FROM reservations r
    WHERE r.user_id = ${userId} AND r.state IN ('HELD', 'ACCEPTED')
      AND (r.state = 'ACCEPTED' OR r.expires_at > ${MOMENT}))`;

/** The status in effect and since when; from the plan when its time has come. */
const STATUS_IN_EFFECT = `(
  SELECT p.status_id, p.since WHERE p.changes_at IS NULL OR p.changes_at > ${MOMENT}
  UNION ALL
  (SELECT (step->>'statusId')::int, (step->>'since')::timestamptz
   FROM jsonb_array_elements(p.plan) step
   WHERE p.changes_at <= ${MOMENT} AND (step->>'at')::timestamptz <= ${MOMENT}
   ORDER BY (step->>'at')::timestamptz DESC LIMIT 1))`;

export interface AgentCapacity extends Capacity {
  readonly userId: number;
  /** Since their last reservation was held or ended; without any, since the status is in effect. */
  readonly idleSince: Date;
  /** Database time at which all of it was true. */
  readonly now: Date;
}

/**
 * What the rules of reserving need to know of people, counted and not looked up. Of one it stays true under
 * `lockSlots`. Agents and settings are not joined: for twenty people Postgres would read all of them.
 */
export function readCapacities(
  queries: Pick<Queries, "query">,
  userIds: readonly number[],
): Promise<AgentCapacity[]> {
  return queries.query<AgentCapacity>(
    `SELECT u.id AS "userId", u.active, st.name AS "statusName", st.class AS "statusClass",
            (SELECT availability FROM agents WHERE user_id = u.id) AS availability,
            (SELECT max_chats FROM user_settings WHERE user_id = u.id) AS "maxChats",
            ${activeReservationsOf("u.id")} AS "activeReservations",
            coalesce(greatest(p.last_reservation_at, (
              SELECT max(r.expires_at) FROM reservations r
              WHERE r.user_id = u.id AND r.state = 'HELD' AND r.expires_at <= ${MOMENT})), e.since) AS "idleSince",
            ${MOMENT} AS now
     FROM users u
     JOIN presences p ON p.user_id = u.id
     CROSS JOIN LATERAL ${STATUS_IN_EFFECT} e
     JOIN statuses st ON st.id = e.status_id
     WHERE u.id = ANY($1::int[])`,
    [userIds],
  );
}

export async function readCapacity(
  queries: Pick<Queries, "query">,
  userId: number,
): Promise<AgentCapacity> {
  const [capacity] = await readCapacities(queries, [userId]);
  if (!capacity) throw new Error("everybody has a presence and settings");
  return capacity;
}

/**
 * Keeps everybody else from this person's status and reservations until the change ends. To be taken
 * after any lock on the user or their settings, and before what is decided upon is read.
 */
export async function lockCapacity(change: Change, userId: number): Promise<void> {
  await change.query(`SELECT 1 FROM presences WHERE user_id = $1 FOR UPDATE`, [userId]);
}

interface Recount {
  readonly userId: number;
  /** When a reservation ended, if it is for that. */
  readonly endedAt?: Date;
}

/** Counts again, after a change of anything that it depends on. Needs `lockSlots` before. */
export async function recountOpenSlots(
  queries: Pick<Queries, "query">,
  recounts: readonly Recount[],
): Promise<void> {
  await queries.query(
    `UPDATE presences p
     SET last_reservation_at = greatest(p.last_reservation_at, c.ended_at),
         open_slots = coalesce((
           SELECT greatest(s.max_chats - ${activeReservationsOf("u.id")}, 0)
           FROM users u JOIN agents a ON a.user_id = u.id JOIN user_settings s ON s.user_id = u.id
           WHERE u.id = p.user_id AND u.active AND a.availability = 'AVAILABLE'), 0)
     FROM (SELECT user_id, max(ended_at) AS ended_at
           FROM unnest($1::int[], $2::timestamptz[]) AS t(user_id, ended_at) GROUP BY user_id) AS c
     WHERE p.user_id = c.user_id`,
    [recounts.map(({ userId }) => userId), recounts.map(({ endedAt }) => endedAt ?? null)],
  );
}

/** The same for one person about whom more than a reservation has changed. */
export async function recountUserSlots(change: Change, userId: number): Promise<void> {
  await lockCapacity(change, userId);
  await recountOpenSlots(change, [{ userId }]);
}
