import { AVAILABLE_STATUS_ID, OFFLINE_STATUS_ID } from "./status.js";
import { type ClaimKind, type PresenceSource, presenceSources } from "./vocabulary.js";

/** What one source wants a user's status to be: a lock, a manual choice, the report of another system, a rule of Rollcall. */
export interface Claim {
  readonly kind: ClaimKind;
  /** The other system, or the rule; null for locks and manual claims. */
  readonly source: string | null;
  readonly statusId: number;
  readonly setAt: Date;
  /** Null: until it is released or replaced. */
  readonly until: Date | null;
}

/** A lease. */
export interface Connection {
  readonly until: Date;
}

export interface EffectiveStatus {
  readonly statusId: number;
  readonly source: PresenceSource;
  /** When the status can change next if nothing else happens; null without an end. */
  readonly until: Date | null;
}

export const isUnexpired = ({ until }: { readonly until: Date | null }, now: Date): boolean =>
  until === null || until > now;

const strength = (claim: Claim): number => presenceSources.indexOf(claim.kind);

const endOf = ({ until }: Claim): number => until?.getTime() ?? Number.POSITIVE_INFINITY;

/**
 * A total order: the winner does not depend on the order of the claims. The stronger kind, then the newer claim, then the
 * earlier end (of two manual claims of one millisecond, the one with an end was set later: see `withoutReplaced`), then the
 * lower status and source.
 */
const byPrecedence = (a: Claim, b: Claim): number =>
  strength(a) - strength(b) ||
  b.setAt.getTime() - a.setAt.getTime() ||
  (endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b)) ||
  a.statusId - b.statusId ||
  (a.source ?? "").localeCompare(b.source ?? "");

/** The strongest unexpired claim of one kind. */
export function leadingClaim<Row extends Claim>(
  claims: readonly Row[],
  kind: ClaimKind,
  now: Date,
): Row | null {
  const unexpired = claims.filter((claim) => claim.kind === kind && isUnexpired(claim, now));
  return unexpired.sort(byPrecedence)[0] ?? null;
}

/**
 * The rule behind every presence: the status in effect is that of the strongest unexpired claim. Without one, it is
 * Available while a connection is open, and Offline otherwise.
 */
export function effectiveStatus(
  claims: readonly Claim[],
  connections: readonly Connection[],
  now: Date,
): EffectiveStatus {
  const winner = claims.filter((claim) => isUnexpired(claim, now)).sort(byPrecedence)[0];
  if (winner) return { statusId: winner.statusId, source: winner.kind, until: winner.until };

  const ends = connections.filter((connection) => connection.until > now).map(({ until }) => until);
  if (ends.length === 0) return { statusId: OFFLINE_STATUS_ID, source: "CONNECTION", until: null };
  const lastEnd = new Date(Math.max(...ends.map((end) => end.getTime())));
  return { statusId: AVAILABLE_STATUS_ID, source: "CONNECTION", until: lastEnd };
}

/** A dated change of the presence plan. Times are ISO text, since the plan is stored as JSON. */
export interface PlannedStep {
  readonly at: string;
  readonly statusId: number;
  readonly source: PresenceSource;
  /** Earlier than `at` when only the claim changes, and not the status. */
  readonly since: string;
}

/** The columns of a presence that follow from its claims. */
export interface PresencePlan {
  readonly statusId: number;
  readonly source: PresenceSource;
  readonly since: Date;
  readonly changesAt: Date | null;
  readonly plan: readonly PlannedStep[];
}

/**
 * The state of a presence now, and the steps that follow if nothing else happens. So a later read is correct without the
 * claims and without the sweeper.
 *
 * @param before its `since` is kept if the status stays the same
 */
export function planPresence(
  claims: readonly Claim[],
  connections: readonly Connection[],
  now: Date,
  before: { readonly statusId: number; readonly since: Date } | null,
): PresencePlan {
  const { statusId, source, until } = effectiveStatus(claims, connections, now);
  const since = before?.statusId === statusId ? before.since : now;

  const plan: PlannedStep[] = [];
  let last = { statusId, since };
  for (let end = until; end !== null;) {
    const next = effectiveStatus(claims, connections, end);
    last = {
      statusId: next.statusId,
      since: next.statusId === last.statusId ? last.since : end,
    };
    plan.push({
      at: end.toISOString(),
      statusId: next.statusId,
      source: next.source,
      since: last.since.toISOString(),
    });
    end = next.until;
  }
  return { statusId, source, since, changesAt: until, plan };
}

/** A stored plan at a later time: the due steps are applied. */
export function presenceAt(stored: PresencePlan, now: Date): PresencePlan {
  const due = stored.plan.filter(({ at }) => new Date(at) <= now);
  const step = due.at(-1);
  if (!step) return stored;
  const plan = stored.plan.slice(due.length);
  return {
    statusId: step.statusId,
    source: step.source,
    since: new Date(step.since),
    changesAt: plan[0] ? new Date(plan[0].at) : null,
    plan,
  };
}

/**
 * The claims that stay when another one is added. A lock replaces the lock; a report replaces that of the same source. A
 * manual claim without an end replaces all manual claims. One with an end replaces only those that end with it or before;
 * at its end, the status returns to the others.
 */
export function withoutReplaced<Row extends Claim>(
  claims: readonly Row[],
  added: Claim,
  now: Date,
): readonly Row[] {
  return claims.filter((claim) => {
    if (!isUnexpired(claim, now)) return false;
    if (claim.kind !== added.kind) return true;
    return claim.kind === "MANUAL"
      ? added.until !== null && endOf(claim) > endOf(added)
      : claim.kind !== "LOCK" && claim.source !== added.source;
  });
}
