/** Presences, their claims and their history in Postgres: locked, read, written. The only writer of these tables. */
import { toGlobalId } from "../../domain/global-id.js";
import { PresenceClaim } from "../../entities/presence-claim.entity.js";
import { Presence } from "../../entities/presence.entity.js";
import { Status } from "../../entities/status.entity.js";
import type { Change } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { TRANSACTION_TIME } from "../../database/sql-time.js";
import { allColumns, type Column, plannedColumns, reportedColumns } from "./columns.js";
import { asOfReading } from "./presence-list.js";
import { columnsAsOf } from "./presence-sql.js";
import type { PresenceEdit, PresenceState } from "./rules.js";
import { type PresenceChangedPayload, type Transition, transitionOf } from "./transition.js";

/** Without a lock. */
export async function readPresence(reader: Reader, userId: number): Promise<Presence> {
  const columns = `${reader.table(Presence).columns("p")}, ${columnsAsOf("p", TRANSACTION_TIME)}`;
  const [presence] = await reader.rows(
    Presence,
    `SELECT ${columns} FROM presences p WHERE p.user_id = $1`,
    [userId],
  );
  if (!presence) throw new Error(`missing presence row for user ${userId}`);
  return asOfReading(presence);
}

export async function readStatuses(
  change: Change,
  ids: readonly number[],
): Promise<Map<number, Status>> {
  if (ids.length === 0) return new Map();
  const found = await change.rows(
    Status,
    `SELECT ${change.table(Status).columns("s")} FROM statuses s WHERE s.id = ANY($1::int[])`,
    [ids],
  );
  return new Map(found.map((status) => [status.id, status]));
}

export async function lockPresence(change: Change, userId: number): Promise<PresenceState> {
  const [state] = await lockPresences(change, [userId]);
  if (!state) throw new Error(`missing presence row for user ${userId}`);
  return state;
}

export interface LockOptions {
  /** Leaves out users that another transaction has locked. By default, waits for them in the order of the ids. */
  readonly onLocked?: "skip_locked";
}

/**
 * Locks the rows, then reads the clock and the claims, which cannot change any more.
 *
 * @returns by user id, without unknown users
 */
export async function lockPresences(
  change: Change,
  userIds: readonly number[],
  { onLocked }: LockOptions = {},
): Promise<PresenceState[]> {
  if (userIds.length === 0) return [];
  // Sent together; Postgres starts the second when the locks are held.
  const [presences, contexts] = await Promise.all([
    change.rows(
      Presence,
      `SELECT ${change.table(Presence).columns("p")} FROM presences p
       WHERE p.user_id = ANY($1::int[]) ORDER BY p.user_id FOR UPDATE ${onLocked ? "SKIP LOCKED" : ""}`,
      [userIds],
    ),
    // The rows that are written later refer to the user, and would wait for its lock.
    readContexts(change, userIds, onLocked ? "FOR KEY SHARE OF u SKIP LOCKED" : ""),
  ]);
  return presences.flatMap((presence) => {
    const context = contexts.get(presence.userId);
    if (!context) return [];
    presence.readAt = context.now;
    return [{ presence, ...context }];
  });
}

type Context = Omit<PresenceState, "presence">;

/** By user id: what is not in the row of the presence itself. */
async function readContexts(
  change: Change,
  userIds: readonly number[],
  locking: string,
): Promise<Map<number, Context>> {
  const table = change.table(PresenceClaim);
  // Milliseconds, the precision of JavaScript: a plan is compared with the stored one.
  const rows = await change.query<{ ownerId: number; now: Date; isActive: boolean }>(
    `SELECT u.id AS "ownerId", u.active AS "isActive", ${table.joinedColumns("c")},
            (SELECT date_trunc('milliseconds', clock_timestamp())) AS now
     FROM users u LEFT JOIN presence_claims c ON c.user_id = u.id WHERE u.id = ANY($1::int[]) ${locking}`,
    [userIds],
  );
  const found = new Map<number, Context & { claims: PresenceClaim[] }>();
  for (const row of rows) {
    const { ownerId, now, isActive } = row;
    const context = found.get(ownerId) ?? { now, isActive, claims: [] };
    found.set(ownerId, context);
    const claim = table.toJoinedRow(row, "c");
    if (claim) context.claims.push(claim);
  }
  return found;
}

/** Writes the transitions of locked presences. Without an edit, only that of what has expired. */
export function applyTransitions(
  change: Change,
  states: readonly PresenceState[],
  cause: string,
  editOf: (state: PresenceState) => PresenceEdit | undefined = () => undefined,
): void {
  const by = { actor: change.actor, cause };
  writeTransitions(
    change,
    states.flatMap((state) => transitionOf(state, editOf(state), by) ?? []),
  );
}

/** Deletes every claim and ends the lease: the user is offline. */
export async function clearPresence(change: Change, userId: number, cause: string): Promise<void> {
  const state = await lockPresence(change, userId);
  applyTransitions(change, [state], cause, () => ({ kept: [], columns: { leaseUntil: null } }));
}

/**
 * Deleted claims ($1), new claims ($2), history ($3) and presences ($4); each is null when there is nothing to write. A new
 * lock replaces the old one under a unique index, so the count of the deleted claims makes Postgres delete first.
 */
const writeStatement = (columns: readonly Column[]): string => `
  WITH deleted AS (
    DELETE FROM presence_claims WHERE id = ANY($1::bigint[]) RETURNING id
  ), added AS (
    INSERT INTO presence_claims (user_id, kind, source, status_id, set_at, until, set_by, reason)
    SELECT c."userId", c."kind", c."source", c."statusId", c."setAt", c."until", c."setBy", c."reason"
    FROM jsonb_to_recordset($2::jsonb) AS c("userId" integer, "kind" text, "source" text, "statusId" integer,
      "setAt" timestamptz, "until" timestamptz, "setBy" integer, "reason" text)
    WHERE (SELECT count(*) FROM deleted) >= 0
  ), history AS (
    INSERT INTO status_changes (user_id, changed_at, from_status_id, to_status_id, source, cause, actor, door, last_internal_call_id)
    SELECT s."userId", s."at", s."from", s."to", s."source", s."cause", s."actor", s."door", s."lastInternalCallId"
    FROM jsonb_to_recordset($3::jsonb) AS s("userId" integer, "at" timestamptz, "from" int, "to" int, "source" text,
      "cause" text, "actor" text, "door" text, "lastInternalCallId" bigint)
    ORDER BY s."at"
  )
  UPDATE presences p SET ${columns.map(([property, name]) => `${name} = w."${property}"`).join(", ")}
  FROM jsonb_to_recordset($4::jsonb) AS w("userId" integer, ${columns.map(([property, , type]) => `"${property}" ${type}`).join(", ")})
  WHERE p.user_id = w."userId"`;

const WRITE_PLANNED = writeStatement(plannedColumns);
const WRITE_ALL = writeStatement(allColumns);

/** Writes presences, claims and history in one statement, and announces each visible change. */
export function writeTransitions(change: Change, transitions: readonly Transition[]): void {
  if (transitions.length === 0) return;
  const deleted = transitions.flatMap((transition) => transition.deleted.map(({ id }) => id));
  const added = transitions.flatMap(({ after: { userId }, added: claim }) =>
    claim ? [{ ...claim, userId }] : [],
  );
  const changes = transitions.flatMap((transition) =>
    transition.changes.map((each) => ({ userId: transition.after.userId, ...each })),
  );
  const history = changes.filter(({ from, to }) => from !== to);
  // An expiry changes no reported column, and thousands may expire at once.
  const isReported = transitions.some(({ before, after }) =>
    reportedColumns.some(([property]) => before[property] !== after[property]),
  );
  const columns = isReported ? allColumns : plannedColumns;
  const rows = transitions.map(({ after }) => rowOf(after, columns));
  change.write(isReported ? WRITE_ALL : WRITE_PLANNED, [
    deleted.length > 0 ? deleted : null,
    ...[added, history, rows].map(toJson),
  ]);
  for (const { userId, at, from, to, online, locked, cause } of changes) {
    const payload: PresenceChangedPayload = { at, from, to, online, locked, cause };
    change.announce({ topic: "presenceChanged", subject: toGlobalId("User", userId), payload });
  }
}

const rowOf = (presence: Presence, columns: readonly Column[]): object => ({
  userId: presence.userId,
  ...Object.fromEntries(columns.map(([property]) => [property, presence[property]])),
});

const toJson = (rows: readonly object[]): string | null =>
  rows.length > 0 ? JSON.stringify(rows) : null;
