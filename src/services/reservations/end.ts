import { toGlobalId } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import type { Reservation } from "../../entities/reservation.entity.js";
import type { Change } from "../../database/changes/change.js";
import { STATEMENT_TIME } from "../../database/sql-time.js";
import { recountOpenSlots, underPresenceLock } from "../agents/capacity.js";
import { isExpiredHold, isStoredActive } from "./reservation-sql.js";

type NewState = Pick<Reservation, "id" | "userId" | "state">;

export function announceReservation(change: Change, { id, userId, state }: NewState): void {
  change.announce({
    topic: "reservationChanged",
    subject: toGlobalId("User", userId),
    payload: { id: toGlobalId("Reservation", id), state },
  });
}

/** Releases the active reservations of a user that leaves the live channels. */
export async function endReservations(
  change: Change,
  userId: number,
  action: Operation,
): Promise<void> {
  const ended = await underPresenceLock(change, userId, () =>
    change.query<NewState & { before: Reservation["state"]; now: Date }>(
      `WITH ended AS (
         UPDATE reservations r
         SET state = CASE WHEN ${isExpiredHold("r", STATEMENT_TIME)} THEN 'EXPIRED' ELSE 'RELEASED' END
         FROM reservations old
         WHERE r.user_id = $1 AND ${isStoredActive("r")} AND old.id = r.id
         RETURNING r.id, r.user_id AS "userId", r.state, old.state AS before, ${STATEMENT_TIME} AS now)
       SELECT * FROM ended ORDER BY id`,
      [userId],
    ),
  );
  for (const reservation of ended) {
    announceReservation(change, reservation);
    const { id, before, state } = reservation;
    if (state === "EXPIRED") continue;
    change.audit({
      action,
      targetType: "Reservation",
      targetId: toGlobalId("Reservation", id),
      before: { state: before },
      after: { state },
    });
  }
  const endedAt = ended[0]?.now;
  await recountOpenSlots(change, [{ userId, ...(endedAt && { endedAt }) }]);
}

export const EXPIRY_BATCH = 500;

/**
 * Writes and announces holds that have expired. Skips users that other transactions have locked, so several processes share
 * the work and none waits.
 *
 * @returns how late each hold is, in milliseconds
 */
export async function expireHolds(change: Change): Promise<number[]> {
  const users = await change.query<{ userId: number }>(
    `SELECT DISTINCT user_id AS "userId" FROM (
       SELECT p.user_id FROM reservations r JOIN presences p ON p.user_id = r.user_id
       WHERE ${isExpiredHold("r", STATEMENT_TIME)}
       ORDER BY r.expires_at LIMIT ${EXPIRY_BATCH} FOR UPDATE OF p SKIP LOCKED) free`,
  );
  if (users.length === 0) return [];
  const expired = await change.query<NewState & { endedAt: Date; lateMs: number }>(
    `WITH expired AS (
       UPDATE reservations r SET state = 'EXPIRED'
       WHERE r.user_id = ANY($1::int[]) AND ${isExpiredHold("r", STATEMENT_TIME)}
       RETURNING r.id, r.user_id AS "userId", r.state, r.expires_at AS "endedAt",
         (extract(epoch FROM ${STATEMENT_TIME} - r.expires_at) * 1000)::float8 AS "lateMs")
     SELECT * FROM expired ORDER BY "endedAt", id`,
    [users.map(({ userId }) => userId)],
  );
  await recountOpenSlots(change, expired);
  for (const reservation of expired) announceReservation(change, reservation);
  return expired.map(({ lateMs }) => lateMs);
}
