import { inEffectSince, statusIdInEffect } from "../presence/presence-sql.js";
import { activeReservations, isExpiredHold } from "../reservations/reservation-sql.js";

/*
 * The rules of src/domain/reservation.ts about the capacity of an agent in SQL. `now` is an SQL expression for the time
 * at which the rule is applied.
 */

/**
 * Selects an `AgentCapacity` of each user of $1. Agents and settings are subselects: if they were joined, Postgres would
 * read all of them for twenty users.
 */
export const selectCapacities = (now: string): string =>
  `SELECT u.id AS "userId", u.active, st.name AS "statusName", st.class AS "statusClass",
          (SELECT availability FROM agents WHERE user_id = u.id) AS availability,
          (SELECT max_chats FROM user_settings WHERE user_id = u.id) AS "maxChats",
          ${activeReservations("u.id", now)} AS "activeReservations",
          coalesce(greatest(p.last_reservation_at, (
            SELECT max(r.expires_at) FROM reservations r
            WHERE r.user_id = u.id AND ${isExpiredHold("r", now)})), ${inEffectSince("p", now)}) AS "idleSince",
          ${now} AS now
   FROM users u
   JOIN presences p ON p.user_id = u.id
   JOIN statuses st ON st.id = ${statusIdInEffect("p", now)}
   WHERE u.id = ANY($1::int[])`;

/** Whether `freeSlots` of the user are more than none. `userId` is an SQL expression. */
export const hasFreeSlot = (userId: string, now: string): string =>
  `((SELECT max_chats FROM user_settings WHERE user_settings.user_id = ${userId}) > ${activeReservations(userId, now)})`;

/**
 * What `open_slots` of a presence is to be: `freeSlots` of a user whom `whyUnavailable` refuses for the status at most,
 * otherwise 0. `userId` is an SQL expression.
 */
export const openSlots = (userId: string, now: string): string =>
  `coalesce((
     SELECT greatest(max_chats - ${activeReservations(userId, now)}, 0)
     FROM users JOIN agents ON agents.user_id = users.id JOIN user_settings ON user_settings.user_id = users.id
     WHERE users.id = ${userId} AND users.active AND agents.availability = 'AVAILABLE'), 0)`;
