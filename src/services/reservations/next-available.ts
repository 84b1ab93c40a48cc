import { byPreference, freeSlots, whyUnavailable } from "../../domain/reservation.js";
import { type DomainError, notAvailable, notFound } from "../../errors/domain-error.js";
import type { Change } from "../../database/changes/change.js";
import { groupKey } from "../users/group-membership.js";
import type { Queries } from "../../database/queries.js";
import { STATEMENT_TIME } from "../../database/sql-time.js";
import {
  type AgentCapacity,
  readCapacities,
  readCapacity,
  underPresenceLock,
} from "../agents/capacity.js";
import {
  selectCounted,
  selectCountedInGroup,
  selectCountedMembers,
  selectDue,
} from "./next-available-sql.js";

/** More than usual concurrent callers: each finds an agent that no other caller has locked. */
const CANDIDATES = 20;

/** How many agents are read in order of preference, to find members of the group, before all of its members are read. */
const FIRST_LOOK = 100;

interface Candidate {
  readonly userId: number;
  readonly slots: number;
  readonly idleSince: Date;
  /** The stored count of slots is out of date. */
  readonly isDue: boolean;
}

/**
 * Locks the presence of the best agent that no other transaction has locked. If all are locked, waits for one of them.
 *
 * @param groupId null: any agent
 * @returns the capacity under the lock; null if another transaction has reserved the agent in the meantime
 * @throws NOT_AVAILABLE without candidates, NOT_FOUND for an unknown group
 */
export async function lockNextAvailable(
  change: Change,
  groupId: string | null,
): Promise<AgentCapacity | null> {
  const candidates = await findCandidates(change, groupId === null ? null : groupKey(groupId));
  if (candidates.length === 0) throw await noneAvailable(change, groupId);
  const ids = candidates.map(({ userId }) => userId);
  const [free] = await change.query<{ userId: number }>(
    `SELECT p.user_id AS "userId"
     FROM unnest($1::int[], $2::boolean[]) WITH ORDINALITY AS c(user_id, is_due, place)
     JOIN presences p USING (user_id)
     WHERE p.open_slots > 0 OR c.is_due
     ORDER BY c.place LIMIT 1 FOR UPDATE OF p SKIP LOCKED`,
    [ids, candidates.map(({ isDue }) => isDue)],
  );
  // A random one, so that concurrent callers do not all wait for the same agent.
  const waitFor = ids[Math.floor(Math.random() * ids.length)] ?? 0;
  const capacity = free
    ? await readCapacity(change, free.userId)
    : await underPresenceLock(change, waitFor, () => readCapacity(change, waitFor));
  return whyUnavailable(capacity) ? null : capacity;
}

/** @throws NOT_FOUND for an unknown group */
export async function noneAvailable(
  queries: Queries,
  groupId: string | null,
): Promise<DomainError> {
  if (groupId !== null) {
    const groups = await queries.query(`SELECT 1 FROM groups WHERE id = $1`, [groupKey(groupId)]);
    if (groups.length === 0) throw notFound("Group", groupId);
  }
  return notAvailable("Nobody is available", "NOBODY_AVAILABLE");
}

/** Agents that can be reserved, the best first. */
export async function findCandidates(queries: Queries, group: number | null): Promise<Candidate[]> {
  const due = await findDue(queries, group);
  const dueIds = new Set(due.map(({ userId }) => userId));
  const counted = (await findCounted(queries, group)).filter(({ userId }) => !dueIds.has(userId));
  return [...counted, ...due].sort(byPreference).slice(0, CANDIDATES);
}

/** Agents whose stored count of slots is up to date. */
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
