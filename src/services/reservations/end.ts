import { toGlobalId } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import type { ReservationState } from "../../domain/vocabulary.js";
import type { Change } from "../../database/change.js";
import { STATEMENT_TIME } from "../../database/sql-time.js";
import { lockCapacity, recountOpenSlots } from "../agents/capacity.js";
import { isExpiredHold, isStoredActive } from "./reservation-sql.js";

/** A reservation in a new state. */
export interface ReservationStep {
  readonly id: string;
  readonly userId: number;
  readonly state: ReservationState;
}

export function announceReservation(change: Change, { id, userId, state }: ReservationStep): void {
  change.announce({
    topic: "reservationChanged",
    subject: toGlobalId("User", userId),
    payload: { id: toGlobalId("Reservation", id), state },
  });
}

/** Ends whatever holds a person who leaves the live channels, for the reason of the operation. */
export async function endReservations(
  change: Change,
  userId: number,
  action: Operation,
): Promise<void> {
  await lockCapacity(change, userId);
  const ended = await change.query<ReservationStep & { before: ReservationState; now: Date }>(
    `WITH ended AS (
       UPDATE reservations r
       SET state = CASE WHEN ${isExpiredHold("r", STATEMENT_TIME)} THEN 'EXPIRED' ELSE 'RELEASED' END
       FROM reservations old
       WHERE r.user_id = $1 AND ${isStoredActive("r")} AND old.id = r.id
       RETURNING r.id, r.user_id AS "userId", r.state, old.state AS before, ${STATEMENT_TIME} AS now)
     SELECT * FROM ended ORDER BY id`,
    [userId],
  );
  for (const step of ended) {
    announceReservation(change, step);
    if (step.state === "EXPIRED") continue;
    change.audit({
      action,
      targetType: "Reservation",
      targetId: toGlobalId("Reservation", step.id),
      before: { state: step.before },
      after: { state: step.state },
    });
  }
  const endedAt = ended[0]?.now;
  await recountOpenSlots(change, [{ userId, ...(endedAt && { endedAt }) }]);
}

export const EXPIRY_BATCH = 500;

/**
 * Writes down that holds ran out, and tells of each once. People whom somebody else is just busy with
 * are left for the next time, so that nothing here waits for anything.
 *
 * @returns how late each was told, in milliseconds
 */
export async function expireHolds(change: Change): Promise<number[]> {
  const people = await change.query<{ userId: number }>(
    `SELECT DISTINCT user_id AS "userId" FROM (
       SELECT p.user_id FROM reservations r JOIN presences p ON p.user_id = r.user_id
       WHERE ${isExpiredHold("r", STATEMENT_TIME)}
       ORDER BY r.expires_at LIMIT ${EXPIRY_BATCH} FOR UPDATE OF p SKIP LOCKED) free`,
  );
  if (people.length === 0) return [];
  const expired = await change.query<ReservationStep & { endedAt: Date; lateMs: number }>(
    `WITH expired AS (
       UPDATE reservations r SET state = 'EXPIRED'
       WHERE r.user_id = ANY($1::int[]) AND ${isExpiredHold("r", STATEMENT_TIME)}
       RETURNING r.id, r.user_id AS "userId", r.state, r.expires_at AS "endedAt",
         (extract(epoch FROM ${STATEMENT_TIME} - r.expires_at) * 1000)::float8 AS "lateMs")
     SELECT * FROM expired ORDER BY "endedAt", id`,
    [people.map(({ userId }) => userId)],
  );
  await recountOpenSlots(change, expired);
  for (const step of expired) announceReservation(change, step);
  return expired.map(({ lateMs }) => lateMs);
}
