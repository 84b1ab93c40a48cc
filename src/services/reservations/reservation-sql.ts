/*
 * The rules of src/domain/reservation.ts about one reservation in SQL. `r` is the alias of `reservations`, and `now` an
 * SQL expression for the time at which the rule is applied.
 */

/** By the state that is stored: what `hasEnded` denies. The condition of reservations_active_idx. */
export const isStoredActive = (r: string): string => `${r}.state IN ('HELD', 'ACCEPTED')`;

/** Counts against the chats of an agent: accepted, or held and not expired. */
export const isActive = (r: string, now: string): string =>
  `${isStoredActive(r)} AND (${r}.state = 'ACCEPTED' OR ${r}.expires_at > ${now})`;

/** A hold that has expired, and whose state is not yet updated: see `stateAt`. */
export const isExpiredHold = (r: string, now: string): string =>
  `${r}.state = 'HELD' AND ${r}.expires_at <= ${now}`;

/** How many reservations count against the chats of `userId`, an SQL expression. */
export const activeReservations = (userId: string, now: string): string =>
  `(SELECT count(*)::int FROM reservations r WHERE r.user_id = ${userId} AND ${isActive("r", now)})`;
