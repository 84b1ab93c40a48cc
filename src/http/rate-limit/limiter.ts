export const WINDOW_SECONDS = 60;

/** The state of one caller's limit. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  /** By `Date.now()`. */
  readonly resetsAt: number;
  readonly isExceeded: boolean;
}

/** At least one: an immediate retry would be too early. */
export const secondsUntil = (time: number): number =>
  Math.max(1, Math.ceil((time - Date.now()) / 1000));

/**
 * Synchronous unless points have to be fetched.
 *
 * @param weight the points that the call costs; one by default
 */
export type RateLimiter = (
  key: string,
  weight?: number,
) => RateLimitState | Promise<RateLimitState>;

/** The points of a caller in this process, until the minute ends. */
export interface Lease {
  /** Points that are not spent. */
  left: number;
  /** Points that can still be fetched. */
  unfetched: number;
  endsAt: number;
}

/** Called repeatedly, while fewer points are left than requested and more can be fetched. */
export type FetchPoints = (key: string, lease: Lease, requested: number) => Promise<void>;

/** Beyond this number of callers in a minute the oldest ones are forgotten, and start with all points in this process. */
const MAX_CALLERS = 100_000;

/**
 * Counts the calls of each key per minute.
 *
 * @param fetchPoints without it the process has all points, and counts by itself
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
    // A call for more points than are left spends them all.
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

/** The map is in order of insertion, so that ended leases come first. */
function forgetFirst(leases: Map<string, Lease>): void {
  const now = Date.now();
  for (const [key, { endsAt }] of leases) {
    if (endsAt > now && leases.size < MAX_CALLERS) return;
    leases.delete(key);
  }
}
