import {
  type Claim,
  type Connection,
  effectiveStatus,
  leadingClaim,
  presenceAt,
  type PresencePlan,
} from "./presence.js";
import type { PresenceSource } from "./vocabulary.js";

/** The visible parts of a presence that follow from its claims and its lease. */
interface Appearance {
  readonly statusId: number;
  readonly source: PresenceSource;
  /** In milliseconds. Null for a connection: the renewal of its lease is not visible. */
  readonly until: number | null;
  /** Of the manual claim, in effect or not. */
  readonly chosenStatusId: number | null;
  /** Compared by identity: a new lock is a change, even if it is equal. */
  readonly lock: Claim | null;
  readonly isOnline: boolean;
}

export function appearanceAt(
  claims: readonly Claim[],
  connections: readonly Connection[],
  now: Date,
): Appearance {
  const { statusId, source, until } = effectiveStatus(claims, connections, now);
  return {
    statusId,
    source,
    until: source === "CONNECTION" ? null : (until?.getTime() ?? null),
    chosenStatusId: leadingClaim(claims, "MANUAL", now)?.statusId ?? null,
    lock: leadingClaim(claims, "LOCK", now),
    isOnline: connections.some((connection) => connection.until > now),
  };
}

export const isSameAppearance = (a: Appearance, b: Appearance): boolean =>
  a.statusId === b.statusId &&
  a.source === b.source &&
  a.until === b.until &&
  a.chosenStatusId === b.chosenStatusId &&
  a.lock === b.lock &&
  a.isOnline === b.isOnline;

export type BeforeAfter = readonly [before: boolean, after: boolean];

/** For filters of subscriptions. */
export interface AppearanceChange {
  readonly online: BeforeAfter;
  readonly locked: BeforeAfter;
}

export const diffAppearances = (before: Appearance, after: Appearance): AppearanceChange => ({
  online: [before.isOnline, after.isOnline],
  locked: [before.lock !== null, after.lock !== null],
});

/** A visible change of a presence by a claim, a lease or a step of the plan that has ended. */
export interface Expiry extends AppearanceChange {
  readonly at: Date;
  /** The status in effect before and after, which may be the same. */
  readonly from: number;
  readonly to: number;
  readonly source: PresenceSource;
}

/** Before any stored time. */
const BEGINNING = new Date(0);

/**
 * The visible changes of a presence by time alone since it was stored, one for each moment, oldest first. The status in
 * effect may stay the same, as when a lease ends below a manual claim.
 */
export function expiriesOf(
  stored: PresencePlan,
  claims: readonly Claim[],
  connections: readonly Connection[],
  now: Date,
): Expiry[] {
  const ends = [...claims, ...connections].flatMap(({ until }) => until?.getTime() ?? []);
  const steps = stored.plan.map(({ at }) => Date.parse(at));
  const moments = [...new Set([...ends, ...steps])]
    .filter((moment) => moment <= now.getTime())
    .sort((a, b) => a - b)
    .map((moment) => new Date(moment));

  if (moments.length === 0) return [];
  const expiries: Expiry[] = [];
  let from = stored.statusId;
  let before = appearanceAt(claims, connections, BEGINNING);
  for (const at of moments) {
    const { statusId: to, source } = presenceAt(stored, at);
    const after = appearanceAt(claims, connections, at);
    if (to !== from || !isSameAppearance(before, after)) {
      expiries.push({ at, from, to, source, ...diffAppearances(before, after) });
    }
    [from, before] = [to, after];
  }
  return expiries;
}
