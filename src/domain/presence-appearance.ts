import {
  type Claim,
  type Connection,
  effectiveStatus,
  leadingClaim,
  presenceAt,
  type PresencePlan,
} from "./presence.js";
import type { PresenceSource } from "./vocabulary.js";

/** What others see of a presence that follows from its claims and its connection. */
interface Appearance {
  readonly statusId: number;
  readonly source: PresenceSource;
  /** In milliseconds. Null for a connection too: its lease is renewed all the time, which is no news. */
  readonly until: number | null;
  /** The status that was chosen, in effect or underneath. */
  readonly chosenStatusId: number | null;
  /** Compared by identity: another lock is another lock, even if it says the same. */
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

/** How something stood before a change, and stands since. */
export type BeforeAfter = readonly [before: boolean, after: boolean];

/** What those need who watch the people online, or the locked ones. */
export interface AppearanceChange {
  readonly online: BeforeAfter;
  readonly locked: BeforeAfter;
}

export const diffAppearances = (before: Appearance, after: Appearance): AppearanceChange => ({
  online: [before.isOnline, after.isOnline],
  locked: [before.lock !== null, after.lock !== null],
});

/** Something about a presence that changed because its time was over. */
export interface Expiry extends AppearanceChange {
  readonly at: Date;
  /** The status in effect before and from then on, which may be the same. */
  readonly from: number;
  readonly to: number;
  readonly source: PresenceSource;
}

/** Before everything: nothing that was ever stored has run out by then. */
const BEGINNING = new Date(0);

/**
 * What became of a presence by itself since it was stored: one entry for each moment at which it began to
 * look different, also where the status in effect stayed, as when somebody goes offline below a choice.
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
