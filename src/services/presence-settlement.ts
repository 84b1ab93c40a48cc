import {
  type Claim,
  type PresencePlan,
  planPresence,
  presenceAt,
  withClaim,
} from "../domain/presence.js";
import { toGlobalId } from "../domain/global-id.js";
import type { Door, PresenceSource } from "../domain/vocabulary.js";
import { PresenceClaim } from "../entities/presence-claim.entity.js";
import { Presence } from "../entities/presence.entity.js";
import type { Change } from "../persistence/change.js";

/** A presence under its row lock, with everything that the rules need to know. */
export interface PresenceState {
  readonly presence: Presence;
  readonly claims: readonly PresenceClaim[];
  /** Database time, read after the lock was taken. */
  readonly now: Date;
  /** Whether the person is not deactivated, read after the lock was taken. */
  readonly isActive: boolean;
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

/** A claim to add, with what it replaces taken away. */
export const claiming = (
  { claims, now }: PresenceState,
  added: NonNullable<PresenceEdit["added"]>,
): PresenceEdit => ({ kept: withClaim(claims, added, now), added });

/** Locks the row first and looks at the clock and the claims afterwards, when nobody else can move. */
export async function lockPresence(change: Change, userId: number): Promise<PresenceState> {
  const presence = await change.manager.findOneOrFail(Presence, {
    where: { userId },
    lock: { mode: "pessimistic_write" },
  });
  const claims = await change.manager.findBy(PresenceClaim, { userId });
  // Milliseconds, as JavaScript counts: a plan is compared with what was stored from it.
  const [read] = await change.query<{ now: Date; isActive: boolean }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) AS now, active AS "isActive" FROM users WHERE id = $1`,
    [userId],
  );
  if (!read) throw new Error("a presence belongs to a user");
  const { now, isActive } = read;
  presence.readAt = now;
  return { presence, claims, now, isActive };
}

const planOf = (presence: Presence): PresencePlan => presence;

interface Transition {
  readonly at: string;
  readonly from: number;
  readonly to: number;
  readonly source: PresenceSource;
  readonly cause: string;
  readonly actor: string;
  readonly door: Door;
  readonly lastInternalCallId: number | null;
}

/**
 * Applies an edit to a locked presence. First the steps that came due are taken, each told once, then
 * the edit; every change of the status in effect goes to the history and the outbox.
 */
export async function settle(
  change: Change,
  state: PresenceState,
  cause: string,
  edit: PresenceEdit = {},
): Promise<Presence> {
  const { presence, claims, now } = state;
  const transitions = dueTransitions(presence, now);
  const before = presenceAt(planOf(presence), now);

  const kept = (edit.kept ?? claims).filter(({ until }) => until === null || until > now);
  const columns = edit.columns ?? {};
  const leaseUntil = columns.leaseUntil === undefined ? presence.leaseUntil : columns.leaseUntil;
  const after = planPresence(
    edit.added ? [...kept, edit.added] : kept,
    leaseUntil ? [{ until: leaseUntil }] : [],
    now,
    before,
  );
  if (after.statusId !== before.statusId) {
    transitions.push({
      at: now.toISOString(),
      from: before.statusId,
      to: after.statusId,
      source: after.source,
      cause,
      actor: change.actor.name,
      door: change.actor.door,
      lastInternalCallId: edit.lastInternalCallId ?? null,
    });
  }

  const gone = claims.filter((claim) => !kept.includes(claim)).map(({ id }) => id);
  if (gone.length > 0) await change.manager.delete(PresenceClaim, gone);
  const { userId } = presence;
  if (edit.added) await change.manager.insert(PresenceClaim, { ...edit.added, userId });
  const written = { ...columns, ...after, plan: [...after.plan] };
  await change.manager.update(Presence, { userId }, written);
  await recordTransitions(change, userId, transitions);
  return Object.assign(presence, written);
}

/** Takes back every claim and the connection, so that nothing is left but being offline. */
export async function takeOffDuty(change: Change, userId: number, cause: string): Promise<void> {
  const state = await lockPresence(change, userId);
  await settle(change, state, cause, { kept: [], columns: { leaseUntil: null } });
}

/** The planned changes whose time has come, as they would have been told at that time. */
function dueTransitions(presence: Presence, now: Date): Transition[] {
  let from = presence.statusId;
  const transitions: Transition[] = [];
  for (const { at, statusId, source } of presence.plan) {
    if (new Date(at) > now) break;
    if (statusId !== from) {
      transitions.push({
        at,
        from,
        to: statusId,
        source,
        cause: "expired",
        actor: "rollcall",
        door: "SYSTEM",
        lastInternalCallId: null,
      });
    }
    from = statusId;
  }
  return transitions;
}

async function recordTransitions(
  change: Change,
  userId: number,
  transitions: readonly Transition[],
): Promise<void> {
  if (transitions.length === 0) return;
  await change.query(
    `INSERT INTO status_changes (user_id, changed_at, from_status_id, to_status_id, source, cause, actor, door, last_internal_call_id)
     SELECT $1, t."at", t."from", t."to", t."source", t."cause", t."actor", t."door", t."lastInternalCallId"
     FROM jsonb_to_recordset($2::jsonb) AS t("at" timestamptz, "from" int, "to" int, "source" text, "cause" text, "actor" text, "door" text, "lastInternalCallId" bigint)
     ORDER BY t."at"`,
    [userId, JSON.stringify(transitions)],
  );
  for (const { at, from, to, cause } of transitions) {
    change.announce({
      topic: "presenceChanged",
      subject: toGlobalId("User", userId),
      payload: { at, from, to, cause },
    });
  }
}
