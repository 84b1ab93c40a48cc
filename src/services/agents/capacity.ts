import type { Capacity } from "../../domain/reservation.js";
import type { Change } from "../../database/changes/change.js";
import type { Queries } from "../../database/queries.js";
import type { Reader } from "../../database/reader.js";
import { STATEMENT_TIME } from "../../database/sql-time.js";
import { openSlots, selectCapacities } from "./capacity-sql.js";

export interface AgentCapacity extends Capacity {
  readonly userId: number;
  /** When the last reservation was held or ended; without any, since when the status is in effect. */
  readonly idleSince: Date;
  /** Database time of the read. */
  readonly now: Date;
}

/** Counted now, and not taken from `open_slots`. */
export const readCapacities = (
  queries: Pick<Queries, "query">,
  userIds: readonly number[],
): Promise<AgentCapacity[]> =>
  queries.query<AgentCapacity>(selectCapacities(STATEMENT_TIME), [userIds]);

export const readCapacity = async (
  queries: Pick<Queries, "query">,
  userId: number,
): Promise<AgentCapacity> => capacityOf(userId, await readCapacities(queries, [userId]));

/** Concurrent calls share one statement. */
export const lookUpCapacity = async (reader: Reader, userId: number): Promise<AgentCapacity> =>
  capacityOf(userId, await reader.lookUp(selectCapacities(STATEMENT_TIME), [[userId]]));

function capacityOf(userId: number, [capacity]: readonly AgentCapacity[]): AgentCapacity {
  if (!capacity) throw new Error(`missing presence or settings row for user ${userId}`);
  return capacity;
}

/**
 * Locks a user's presence until the transaction ends, and executes the first statement under the lock. The lock guards the
 * status, the reservations and the slots of the user.
 *
 * Order of locks: rows of `users` and `user_settings`, then `presences`, then `reservations`.
 */
export async function underPresenceLock<Result>(
  change: Change,
  userId: number,
  execute: () => Promise<Result>,
): Promise<Result> {
  // Sent together; Postgres starts the second when the lock is held.
  const [, result] = await Promise.all([
    change.query(`SELECT 1 FROM presences WHERE user_id = $1 FOR UPDATE`, [userId]),
    execute(),
  ]);
  return result;
}

interface Recount {
  readonly userId: number;
  /** When a reservation ended, if one did. */
  readonly endedAt?: Date;
}

/** Updates `open_slots`, and with `endedAt` the start of the idle time. Requires the locks of the presences. */
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

/** After a change of the role, the availability, the chat limit or the user. Locks the presence. */
export const recountUserSlots = (change: Change, userId: number): Promise<void> =>
  underPresenceLock(change, userId, () => recountOpenSlots(change, [{ userId }]));
