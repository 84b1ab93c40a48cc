import { AVAILABLE_STATUS_ID, OFFLINE_STATUS_ID } from "./status.js";
import { type ClaimKind, type PresenceSource, presenceSources } from "./vocabulary.js";

/** One wish about a person's status: a lock, a choice, another system's report. */
export interface Claim {
  readonly kind: ClaimKind;
  /** Which other system, or which rule of ours; null for locks and choices. */
  readonly source: string | null;
  readonly statusId: number;
  readonly setAt: Date;
  /** Null: until it is taken back. */
  readonly until: Date | null;
}

/** A device that gave a sign of life and may be silent until then. */
export interface Connection {
  readonly until: Date;
}

export interface EffectiveStatus {
  readonly statusId: number;
  readonly source: PresenceSource;
  /** When it ends if nothing else happens; null when nothing is going to run out. */
  readonly until: Date | null;
}

const isAlive = ({ until }: { readonly until: Date | null }, now: Date): boolean =>
  until === null || until > now;

const strength = (claim: Claim): number => presenceSources.indexOf(claim.kind);

/** Null lasts longest. */
const endOf = ({ until }: Claim): number => until?.getTime() ?? Number.POSITIVE_INFINITY;

/**
 * A total order, so that the same set of claims has the same winner in whatever order they came:
 * the stronger kind, then the newer claim, then the one that ends sooner (of two choices in the same
 * millisecond, the one with an end came later: see `withClaim`), then the lower status and source.
 */
const byPrecedence = (a: Claim, b: Claim): number =>
  strength(a) - strength(b) ||
  b.setAt.getTime() - a.setAt.getTime() ||
  (endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b)) ||
  a.statusId - b.statusId ||
  (a.source ?? "").localeCompare(b.source ?? "");

/** The living claim of one kind that counts, if there is any. */
export function leadingClaim<Row extends Claim>(
  claims: readonly Row[],
  kind: ClaimKind,
  now: Date,
): Row | null {
  const living = claims.filter((claim) => claim.kind === kind && isAlive(claim, now));
  return living.sort(byPrecedence)[0] ?? null;
}

/**
 * The status in effect: the strongest claim that has not run out; without any, it follows from being
 * connected. The one rule behind every presence that Rollcall shows.
 */
export function effectiveStatus(
  claims: readonly Claim[],
  connections: readonly Connection[],
  now: Date,
): EffectiveStatus {
  const winner = claims.filter((claim) => isAlive(claim, now)).sort(byPrecedence)[0];
  if (winner) return { statusId: winner.statusId, source: winner.kind, until: winner.until };

  const ends = connections.filter((connection) => connection.until > now).map(({ until }) => until);
  if (ends.length === 0) return { statusId: OFFLINE_STATUS_ID, source: "CONNECTION", until: null };
  const lastEnd = new Date(Math.max(...ends.map((end) => end.getTime())));
  return { statusId: AVAILABLE_STATUS_ID, source: "CONNECTION", until: lastEnd };
}

/** A change that will come by itself. Times as ISO text, since steps are kept as JSON. */
export interface PlannedStep {
  readonly at: string;
  readonly statusId: number;
  readonly source: PresenceSource;
  /** Since when that status will have been in effect: earlier than `at` if only the claim changes. */
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
 * What a presence is now and will become if nothing else happens, so that a reader who comes after
 * something ran out needs neither the claims nor the sweeper to be right.
 *
 * @param before the presence as it was until now; its `since` is kept while the status stays
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

/** A stored plan as it stands at a later time: the steps that have come are taken. */
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
 * The claims after a new one came in. A lock replaces the lock, a report replaces that of the same
 * source. A choice without an end replaces all choices; one with an end covers the earlier ones that
 * outlast it, to which the status then returns.
 */
export function withClaim<Row extends Claim>(
  claims: readonly Row[],
  added: Claim,
  now: Date,
): readonly Row[] {
  return claims.filter((claim) => {
    if (!isAlive(claim, now)) return false;
    if (claim.kind !== added.kind) return true;
    return claim.kind === "MANUAL"
      ? added.until !== null && endOf(claim) > endOf(added)
      : claim.kind !== "LOCK" && claim.source !== added.source;
  });
}
