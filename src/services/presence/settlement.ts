import {
  appearanceAt,
  expiriesOf,
  isSameAppearance,
  diffAppearances,
} from "../../domain/presence-appearance.js";
import {
  type Claim,
  type Connection,
  type PresencePlan,
  planPresence,
  presenceAt,
  withClaim,
} from "../../domain/presence.js";
import type { Actor } from "../../domain/actor.js";
import { PresenceClaim } from "../../entities/presence-claim.entity.js";
import { Presence } from "../../entities/presence.entity.js";
import type { Change } from "../../database/change.js";
import { type PresenceStep, type Settlement, writeSettlements } from "./writing.js";

/** A presence under its row lock, with everything that the rules need to know. */
export interface PresenceState {
  readonly presence: Presence;
  readonly claims: readonly PresenceClaim[];
  /** Database time, read after the lock was taken. */
  readonly now: Date;
  /** Whether the person is not deactivated, read after the lock was taken. */
  readonly isActive: boolean;
}

/** Who says that it is to change, and by which operation. */
export interface PresenceCause {
  readonly actor: Pick<Actor, "name" | "door">;
  readonly cause: string;
}

/** What is to become of it. Whatever is left out stays. */
export interface PresenceEdit {
  /** The claims to keep; the others are deleted. */
  readonly kept?: readonly PresenceClaim[];
  readonly added?: Claim & { readonly setBy: number | null; readonly reason: string | null };
  readonly columns?: Partial<
    Pick<
      Presence,
      | "leaseUntil"
      | "onlineSince"
      | "lastSeenAt"
      | "lastRequestedAt"
      | "lastViewModule"
      | "lastViewName"
      | "lastViewTarget"
      | "telephoneStatus"
      | "telephoneChangedAt"
    >
  >;
  readonly lastInternalCallId?: number | null;
}

/** Of the columns, those that others see and that follow from nothing else. */
const SHOWN = ["lastViewModule", "lastViewName", "lastViewTarget", "telephoneStatus"] as const;

/** A claim to add, with what it replaces taken away. */
export const claiming = (
  { claims, now }: PresenceState,
  added: NonNullable<PresenceEdit["added"]>,
): PresenceEdit => ({ kept: withClaim(claims, added, now), added });

export async function lockPresence(change: Change, userId: number): Promise<PresenceState> {
  const [state] = await lockPresences(change, [userId]);
  if (!state) throw new Error("everybody has a presence");
  return state;
}

export interface LockOptions {
  /**
   * What becomes of people whom another change is at: they are waited for, one at a time in the order of the ids, or left
   * out.
   */
  readonly onLocked?: "skip_locked";
}

/** Locks the rows first and looks at the clock and the claims afterwards, when nobody else can move. */
export async function lockPresences(
  change: Change,
  userIds: readonly number[],
  { onLocked }: LockOptions = {},
): Promise<PresenceState[]> {
  if (userIds.length === 0) return [];
  const skip = onLocked ? "SKIP LOCKED" : "";
  // Sent together; Postgres begins with the second when the locks are there.
  const [presences, circumstances] = await Promise.all([
    change.rows(
      Presence,
      `SELECT ${change.table(Presence).columns("p")} FROM presences p
       WHERE p.user_id = ANY($1::int[]) ORDER BY p.user_id FOR UPDATE ${skip}`,
      [userIds],
    ),
    // What is written refers to the person, and would wait there.
    readCircumstances(change, userIds, onLocked ? "FOR KEY SHARE OF u SKIP LOCKED" : ""),
  ]);
  return presences.flatMap((presence) => {
    const circumstance = circumstances.get(presence.userId);
    if (!circumstance) return [];
    presence.readAt = circumstance.now;
    return [{ presence, ...circumstance }];
  });
}

type Circumstances = Omit<PresenceState, "presence">;

/** By user id, what is not in the row of the presence itself. */
async function readCircumstances(
  change: Change,
  userIds: readonly number[],
  locking: string,
): Promise<Map<number, Circumstances>> {
  const table = change.table(PresenceClaim);
  // Milliseconds, as JavaScript counts: a plan is compared with what was stored from it.
  const rows = await change.query<{ ownerId: number; now: Date; isActive: boolean }>(
    `SELECT u.id AS "ownerId", u.active AS "isActive", ${table.joinedColumns("c")},
            (SELECT date_trunc('milliseconds', clock_timestamp())) AS now
     FROM users u LEFT JOIN presence_claims c ON c.user_id = u.id WHERE u.id = ANY($1::int[]) ${locking}`,
    [userIds],
  );
  const found = new Map<number, Circumstances & { claims: PresenceClaim[] }>();
  for (const row of rows) {
    const { ownerId, now, isActive } = row;
    const circumstances = found.get(ownerId) ?? { now, isActive, claims: [] };
    found.set(ownerId, circumstances);
    const claim = table.toJoinedRow(row, "c");
    if (claim) circumstances.claims.push(claim);
  }
  return found;
}

/**
 * Applies an edit to a locked presence. First what ran out is taken, each of it told once, then the edit;
 * every change of the status in effect goes to the history, and everything that others see to the outbox.
 */
export function settle(
  change: Change,
  state: PresenceState,
  cause: string,
  edit?: PresenceEdit,
): Presence {
  settleAll(change, [state], cause, () => edit);
  return state.presence;
}

/** The same for many, in as many statements as for one. */
export function settleAll(
  change: Change,
  states: readonly PresenceState[],
  cause: string,
  editOf: (state: PresenceState) => PresenceEdit | undefined = () => undefined,
): void {
  const { actor } = change;
  const settlements = states.map((state) => settlementOf(state, { actor, cause }, editOf(state)));
  writeSettlements(change, settlements);
}

/** Takes back every claim and the connection, so that nothing is left but being offline. */
export async function takeOffDuty(change: Change, userId: number, cause: string): Promise<void> {
  const state = await lockPresence(change, userId);
  settle(change, state, cause, { kept: [], columns: { leaseUntil: null } });
}

const planOf = (presence: Presence): PresencePlan => presence;

const connectionsOf = (leaseUntil: Date | null): Connection[] =>
  leaseUntil ? [{ until: leaseUntil }] : [];

/** Whether anything ran out since the row was written. */
const hasExpired = (state: PresenceState): boolean => endedIn(state).length > 0;

/** For how long the first of what ran out has done so. */
export const overdueMs = (state: PresenceState): number =>
  Math.max(0, ...endedIn(state).map((end) => state.now.getTime() - end.getTime()));

const endedIn = ({ presence, claims, now }: PresenceState): Date[] =>
  [presence.changesAt, presence.leaseUntil, ...claims.map(({ until }) => until)].filter(
    (end): end is Date => end !== null && end <= now,
  );

/** @returns null when nothing is to be done */
export const settlementOf = (
  state: PresenceState,
  by: PresenceCause,
  edit: PresenceEdit | undefined,
): Settlement | null => (edit || hasExpired(state) ? settled(state, by, edit) : null);

function settled(
  { presence, claims, now }: PresenceState,
  { actor, cause }: PresenceCause,
  edit: PresenceEdit = {},
): Settlement {
  const connections = connectionsOf(presence.leaseUntil);
  const before = presenceAt(planOf(presence), now);

  const kept = (edit.kept ?? claims).filter(({ until }) => until === null || until > now);
  const wished = edit.added ? [...kept, edit.added] : kept;
  const { leaseUntil, ...columns } = { leaseUntil: presence.leaseUntil, ...edit.columns };
  // One that has run out is taken away, or it would be found, and told of, again and again.
  const lease = leaseUntil !== null && leaseUntil > now ? leaseUntil : null;
  const after = planPresence(wished, connectionsOf(lease), now, before);

  const steps = expiriesOf(presence, claims, connections, now).map(
    ({ at, ...expiry }): PresenceStep => ({
      ...expiry,
      at: at.toISOString(),
      cause: "expired",
      actor: "rollcall",
      door: "SYSTEM",
      lastInternalCallId: null,
    }),
  );
  const [looked, looks] = [
    appearanceAt(claims, connections, now),
    appearanceAt(wished, connectionsOf(lease), now),
  ];
  const looksSame =
    after.statusId === before.statusId &&
    isSameAppearance(looked, looks) &&
    SHOWN.every((column) => columns[column] === undefined || columns[column] === presence[column]);
  if (!looksSame) {
    steps.push({
      at: now.toISOString(),
      from: before.statusId,
      to: after.statusId,
      source: after.source,
      ...diffAppearances(looked, looks),
      cause,
      actor: actor.name,
      door: actor.door,
      lastInternalCallId: edit.lastInternalCallId ?? null,
    });
  }
  return {
    presence,
    columns: { ...columns, ...after, leaseUntil: lease, plan: [...after.plan] },
    gone: claims.filter((claim) => !kept.includes(claim)),
    added: edit.added,
    steps,
  };
}
