import { byPreference, freeSlots, whyUnavailable } from "../../domain/reservation.js";
import { notFound } from "../../errors/domain-error.js";
import type { Change } from "../../database/change.js";
import { groupKey } from "../users/group-membership.js";
import type { Queries } from "../../database/queries.js";
import { STATEMENT_TIME } from "../../database/sql-time.js";
import { lockCapacity, readCapacities } from "../agents/capacity.js";
import {
  selectCounted,
  selectCountedInGroup,
  selectCountedMembers,
  selectDue,
} from "./next-available-sql.js";

/** More than callers who usually look at the same time; who finds all of them taken waits for one. */
const CANDIDATES = 20;

/** How many of the whole house are asked for their group before the group is asked for its members. */
const FIRST_LOOK = 100;

interface Candidate {
  readonly userId: number;
  readonly slots: number;
  readonly idleSince: Date;
  /** Something of theirs ran out, so that what was counted in advance is not true. */
  readonly isDue: boolean;
}

/**
 * Locks the best agent who can be reserved and whom nobody else is just reserving; when there are only
 * others, waits for one of them. What is true of the agent then must be read again.
 *
 * @param groupId members of this group only; null for anybody
 * @returns null when nobody is free
 */
export async function lockNextAvailable(
  change: Change,
  groupId: string | null,
): Promise<number | null> {
  const candidates = await findCandidates(change, groupId === null ? null : groupKey(groupId));
  if (candidates.length === 0) return null;
  const ids = candidates.map(({ userId }) => userId);
  const [free] = await change.query<{ userId: number }>(
    `SELECT p.user_id AS "userId"
     FROM unnest($1::int[], $2::boolean[]) WITH ORDINALITY AS c(user_id, is_due, place)
     JOIN presences p USING (user_id)
     WHERE p.open_slots > 0 OR c.is_due
     ORDER BY c.place LIMIT 1 FOR UPDATE OF p SKIP LOCKED`,
    [ids, candidates.map(({ isDue }) => isDue)],
  );
  if (free) return free.userId;
  // Any of them, so that not all who wait do so for the same one.
  const chosen = ids[Math.floor(Math.random() * ids.length)] ?? 0;
  await lockCapacity(change, chosen);
  return chosen;
}

/** The first few, best first. */
async function findCandidates(queries: Queries, group: number | null): Promise<Candidate[]> {
  const due = await findDue(queries, group);
  const dueIds = new Set(due.map(({ userId }) => userId));
  const counted = (await findCounted(queries, group)).filter(({ userId }) => !dueIds.has(userId));
  return [...counted, ...due].sort(byPreference).slice(0, CANDIDATES);
}

/** Agents for whom the slots that were counted in advance are valid. */
async function findCounted(queries: Queries, group: number | null): Promise<Candidate[]> {
  if (group === null) return queries.query<Candidate>(selectCounted(CANDIDATES, STATEMENT_TIME));
  const near = await queries.query<Candidate>(selectCountedInGroup(FIRST_LOOK, STATEMENT_TIME), [
    group,
  ]);
  if (near.length > 0) return near;
  // The group has few slots or none: reading on by the index could mean to read every free agent.
  return queries.query<Candidate>(selectCountedMembers(CANDIDATES, STATEMENT_TIME), [group]);
}

/** Agents with a status or a hold that has ended and is not yet updated: few, so they are counted now. */
async function findDue(queries: Queries, group: number | null): Promise<Candidate[]> {
  const due = await queries.query<{ userId: number }>(selectDue(STATEMENT_TIME), [group]);
  if (due.length === 0) return [];
  const capacities = await readCapacities(
    queries,
    due.map(({ userId }) => userId),
  );
  return capacities
    .filter((capacity) => whyUnavailable(capacity) === null)
    .map(({ userId, idleSince, ...capacity }) => ({
      userId,
      idleSince,
      slots: freeSlots(capacity),
      isDue: true,
    }));
}

/** @throws NOT_FOUND */
export async function assertGroup(queries: Queries, groupId: string): Promise<void> {
  const groups = await queries.query(`SELECT 1 FROM groups WHERE id = $1`, [groupKey(groupId)]);
  if (groups.length === 0) throw notFound("Group", groupId);
}
