import { hasDueStep, hasNoDueStep } from "../presence/presence-sql.js";
import { isExpiredHold } from "./reservation-sql.js";

/*
 * Candidates for the next reservation, in the order of `byPreference`. The slots of most are counted in advance, in
 * `presences.open_slots`. `now` is an SQL expression for the time at which the rule is applied.
 */

/** A select list over `presences p`. */
const COUNTED = `p.user_id AS "userId", p.open_slots AS slots, coalesce(p.last_reservation_at, p.since) AS "idleSince",
  false AS "isDue"`;

/** The stored status is in effect, and slots are free: see `selectDue` for the others. */
const isCounted = (now: string): string => `p.open_slots > 0 AND ${hasNoDueStep("p", now)}`;

/** `byPreference`, in the order of presences_open_slots_idx. */
const BEST_FIRST = `p.open_slots DESC, coalesce(p.last_reservation_at, p.since), p.user_id`;

/** The first `limit` of each status in which an agent can be reserved, by the index. */
export const selectCounted = (limit: number, now: string): string => `
  SELECT c.* FROM statuses st CROSS JOIN LATERAL (
    SELECT ${COUNTED} FROM presences p WHERE p.status_id = st.id AND ${isCounted(now)}
    ORDER BY ${BEST_FIRST} LIMIT ${limit}) c
  WHERE st.class = 'AVAILABLE'`;

/** The same, of the members of the group $1 among them. */
export const selectCountedInGroup = (limit: number, now: string): string =>
  `SELECT c.* FROM (${selectCounted(limit, now)}) c
   WHERE EXISTS (SELECT 1 FROM group_members m WHERE m.user_id = c."userId" AND m.group_id = $1)`;

/** The first `limit` members of the group $1. Reads all members. */
export const selectCountedMembers = (limit: number, now: string): string =>
  `WITH members AS MATERIALIZED (SELECT user_id FROM group_members WHERE group_id = $1)
   SELECT ${COUNTED} FROM members m JOIN presences p USING (user_id) JOIN statuses st ON st.id = p.status_id
   WHERE st.class = 'AVAILABLE' AND ${isCounted(now)}
   ORDER BY ${BEST_FIRST} LIMIT ${limit}`;

/**
 * Users whose stored count of slots is not valid: their status or a hold has ended, and is not yet updated. Members of
 * the group $1, if it is not null.
 */
export const selectDue = (now: string): string =>
  `SELECT d.user_id AS "userId" FROM (
     SELECT p.user_id FROM presences p WHERE ${hasDueStep("p", now)} AND p.open_slots > 0
     UNION SELECT r.user_id FROM reservations r WHERE ${isExpiredHold("r", now)}) d
   WHERE $1::int IS NULL
     OR EXISTS (SELECT 1 FROM group_members m WHERE m.user_id = d.user_id AND m.group_id = $1)`;
