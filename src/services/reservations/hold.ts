import { toGlobalId } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import { DEFAULT_CHANNEL, DEFAULT_TTL_SECONDS, freeSlots } from "../../domain/reservation.js";
import { Reservation } from "../../entities/reservation.entity.js";
import type { Change } from "../../database/changes/change.js";
import type { AgentCapacity } from "../agents/capacity.js";
import { announceReservation } from "./end.js";

export interface HoldOptions {
  readonly channel?: string | null | undefined;
  readonly ttlSeconds?: number | null | undefined;
}

/** @param capacity of an agent that is available, read under the lock of the presence */
export async function holdSlot(
  change: Change,
  action: Operation,
  capacity: AgentCapacity,
  { channel, ttlSeconds }: HoldOptions,
): Promise<Reservation> {
  const { userId, now } = capacity;
  const expiresAt = new Date(now.getTime() + (ttlSeconds ?? DEFAULT_TTL_SECONDS) * 1000);
  const table = change.table(Reservation);
  const [row] = await change.query(
    `WITH held AS (
       UPDATE presences
       SET open_slots = $2, last_reservation_at = $3, last_fencing_token = last_fencing_token + 1
       WHERE user_id = $1
       RETURNING user_id, last_fencing_token)
     INSERT INTO reservations AS r (user_id, held_at, channel, expires_at, reserved_by, fencing_token)
     SELECT user_id, $3::timestamptz, $4, $5::timestamptz, $6, last_fencing_token FROM held
     RETURNING ${table.columns("r")}`,
    [
      userId,
      freeSlots(capacity) - 1,
      now,
      channel ?? DEFAULT_CHANNEL,
      expiresAt,
      change.actor.name,
    ],
  );
  const reservation = table.toRow(row ?? {});
  announceReservation(change, reservation);
  change.audit({
    action,
    targetType: "Reservation",
    targetId: reservation.globalId,
    after: {
      user: toGlobalId("User", userId),
      channel: reservation.channel,
      state: reservation.state,
      expiresAt,
      fencingToken: reservation.fencingToken,
    },
  });
  return reservation;
}
