import type { Capacity } from "../../domain/reservation.js";
import type { Change } from "../../database/change.js";
import type { Queries } from "../../database/queries.js";
import { STATEMENT_TIME } from "../../database/sql-time.js";
import { openSlots, selectCapacities } from "./capacity-sql.js";

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
  return queries.query<AgentCapacity>(selectCapacities(STATEMENT_TIME), [userIds]);
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
         open_slots = ${openSlots("p.user_id", STATEMENT_TIME)}
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
