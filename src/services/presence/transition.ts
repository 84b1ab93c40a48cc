/** The transition of a presence: what an edit, and whatever has expired, make of it. Pure: `store.ts` writes it. */
import type { Actor } from "../../domain/actor.js";
import {
  type AppearanceChange,
  appearanceAt,
  diffAppearances,
  expiriesOf,
  isSameAppearance,
} from "../../domain/presence-appearance.js";
import { type Connection, isUnexpired, planPresence, presenceAt } from "../../domain/presence.js";
import type { Door, PresenceSource } from "../../domain/vocabulary.js";
import type { PresenceClaim } from "../../entities/presence-claim.entity.js";
import { Presence } from "../../entities/presence.entity.js";
import type { NewClaim, PresenceEdit, PresenceState } from "./rules.js";

/** The payload of `presenceChanged`. */
export interface PresenceChangedPayload extends AppearanceChange {
  /** As ISO text. */
  readonly at: string;
  /** The status in effect before and after; equal when something else changed. */
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}

/** A visible change of a presence: an event, and a row of the status history if the status in effect changed. */
export interface PresenceChange extends PresenceChangedPayload {
  readonly source: PresenceSource;
  readonly actor: string;
  readonly door: Door;
  readonly lastInternalCallId: number | null;
}

export interface Transition {
  /** As read under the lock. */
  readonly before: Presence;
  /** As written. */
  readonly after: Presence;
  readonly deleted: readonly PresenceClaim[];
  readonly added: NewClaim | undefined;
  /** Oldest first: expiries, then the edit. */
  readonly changes: readonly PresenceChange[];
}

export interface TransitionCause {
  readonly actor: Pick<Actor, "name" | "door">;
  /** The operation. */
  readonly cause: string;
}

/** Visible columns that do not follow from claims and the lease. */
const VISIBLE_COLUMNS = [
  "lastViewModule",
  "lastViewName",
  "lastViewTarget",
  "telephoneStatus",
] as const;

/**
 * First everything expires that has ended, each with its own change, then the edit is applied.
 *
 * @returns null without an edit when nothing has ended
 */
export function transitionOf(
  state: PresenceState,
  edit: PresenceEdit | undefined,
  by: TransitionCause,
): Transition | null {
  if (!edit && endedTimes(state).length === 0) return null;
  const { presence: before, claims, now } = state;
  const kept = (edit?.kept ?? claims).filter((claim) => isUnexpired(claim, now));
  const { leaseUntil, ...columns } = { leaseUntil: before.leaseUntil, ...edit?.columns };
  // An expired lease is cleared, or the sweeper would find it again.
  const lease = leaseUntil !== null && leaseUntil > now ? leaseUntil : null;
  const newClaims = edit?.added ? [...kept, edit.added] : kept;
  const expired = presenceAt(before, now);
  const planned = planPresence(newClaims, connectionsOf(lease), now, expired);
  const written = { ...columns, ...planned, leaseUntil: lease };
  const after = Object.assign(new Presence(), before, written);

  const changes = expiryChanges(state);
  const appearance = appearanceAt(claims, connectionsOf(before.leaseUntil), now);
  const newAppearance = appearanceAt(newClaims, connectionsOf(lease), now);
  const isVisible =
    expired.statusId !== after.statusId ||
    !isSameAppearance(appearance, newAppearance) ||
    VISIBLE_COLUMNS.some((column) => before[column] !== after[column]);
  if (isVisible) {
    changes.push({
      at: now.toISOString(),
      from: expired.statusId,
      to: after.statusId,
      source: after.source,
      ...diffAppearances(appearance, newAppearance),
      cause: by.cause,
      actor: by.actor.name,
      door: by.actor.door,
      lastInternalCallId: edit?.lastInternalCallId ?? null,
    });
  }
  const deleted = claims.filter((claim) => !kept.includes(claim));
  return { before, after, deleted, added: edit?.added, changes };
}

/** What has changed since the row was written because its time was over. */
const expiryChanges = ({ presence, claims, now }: PresenceState): PresenceChange[] =>
  expiriesOf(presence, claims, connectionsOf(presence.leaseUntil), now).map(
    ({ at, ...expiry }) => ({
      ...expiry,
      at: at.toISOString(),
      cause: "expired",
      actor: "rollcall",
      door: "SYSTEM",
      lastInternalCallId: null,
    }),
  );

const connectionsOf = (leaseUntil: Date | null): Connection[] =>
  leaseUntil ? [{ until: leaseUntil }] : [];

/** Milliseconds since the first of the expiries that are not written yet; 0 without any. */
export const overdueMs = (state: PresenceState): number =>
  Math.max(0, ...endedTimes(state).map((end) => state.now.getTime() - end.getTime()));

const endedTimes = ({ presence, claims, now }: PresenceState): Date[] =>
  [presence.changesAt, presence.leaseUntil, ...claims.map(({ until }) => until)].filter(
    (end): end is Date => end !== null && end <= now,
  );
