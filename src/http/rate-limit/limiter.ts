export const WINDOW_SECONDS = 60;

/** How things stand for one caller. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  /** By `Date.now()`. */
  readonly resetsAt: number;
  readonly isExceeded: boolean;
}

/** At least one: whoever comes back at once is too early. */
export const secondsUntil = (time: number): number =>
  Math.max(1, Math.ceil((time - Date.now()) / 1000));

/**
 * Answers at once whenever nothing has to be fetched.
 *
 * @param weight how many calls it counts for; one unless given
 */
export type RateLimiter = (
  key: string,
  weight?: number,
) => RateLimitState | Promise<RateLimitState>;

/** What a caller has in hand until a minute is over. */
export interface Lease {
  /** Points that are not used up. */
  left: number;
  /** Points that may be fetched besides. */
  unfetched: number;
  endsAt: number;
}

/** More than once, while what was asked for is not there and there is more to be had. */
export type FetchPoints = (key: string, lease: Lease, wanted: number) => Promise<void>;

/** Beyond that many callers in a minute those who came first are forgotten, and begin anew in this process. */
const MAX_CALLERS = 100_000;

/**
 * Counts the calls under each key, a minute at a time.
 *
 * @param fetchPoints without it the process has all points in hand, and counts for itself
 */
export function createRateLimiter(points: number, fetchPoints?: FetchPoints): RateLimiter {
  const leases = new Map<string, Lease>();

  const begin = (key: string): Lease => {
    leases.delete(key);
    forgetFirst(leases);
    const lease = fetchPoints
      ? { left: 0, unfetched: points, endsAt: Infinity }
      : { left: points, unfetched: 0, endsAt: Date.now() + WINDOW_SECONDS * 1000 };
    leases.set(key, lease);
    return lease;
  };

  const take = (lease: Lease, weight: number): RateLimitState => {
    const isExceeded = lease.left < weight;
    // Whoever asks for more than there is has used it up.
    lease.left = isExceeded ? 0 : lease.left - weight;
    const remaining = lease.left + lease.unfetched;
    return { limit: points, remaining, resetsAt: lease.endsAt, isExceeded };
  };

  const takeFetched = async (key: string, lease: Lease, weight: number) => {
    while (lease.left < weight && lease.unfetched > 0) {
      await fetchPoints?.(key, lease, weight - lease.left);
    }
    return take(lease, weight);
  };

  return (key, weight = 1) => {
    const known = leases.get(key);
    const lease = known && known.endsAt > Date.now() ? known : begin(key);
    return lease.left >= weight || lease.unfetched === 0
      ? take(lease, weight)
      : takeFetched(key, lease, weight);
  };
}

/** They are in the order in which they have begun, so those that are over come first. */
function forgetFirst(leases: Map<string, Lease>): void {
  const now = Date.now();
  for (const [key, { endsAt }] of leases) {
    if (endsAt > now && leases.size < MAX_CALLERS) return;
    leases.delete(key);
  }
}
