import type { Counters } from "../persistence/counters.js";
import { type RateLimiter, type RateLimitState, WINDOW_SECONDS } from "./rate-limiter.js";

/** A process fetches so many points at once that a caller who uses up the limit costs this many statements. */
const LEASES = 20;

/** Beyond that many callers those of the past minute are forgotten, and the limits with them for this process. */
const MAX_CALLERS = 100_000;

interface Lease {
  /** Points fetched and not used up. */
  left: number;
  /** Points that nobody has fetched, as of the last time. */
  unfetched: number;
  endsAt: number;
  fetching: Promise<void> | null;
}

/**
 * Counts the calls of each key in the database, for all processes together, but asks it only now and then: each
 * process fetches a share of the points in advance. What it has not used up at the minute's end is lost.
 */
export function createSharedRateLimiter(
  counters: Counters,
  name: string,
  points: number,
): RateLimiter {
  const share = Math.max(1, Math.ceil(points / LEASES));
  const leases = new Map<string, Lease>();

  const fetchPoints = async (key: string, lease: Lease, wanted: number): Promise<void> => {
    const amount = Math.max(share, wanted);
    const [counted] = await counters.add([["rate", name, key]], amount, WINDOW_SECONDS);
    if (!counted) throw new Error("the counter was not returned");
    const before = counted.count - amount;
    lease.left += Math.max(0, Math.min(amount, points - before));
    lease.unfetched = Math.max(0, points - counted.count);
    lease.endsAt = Date.now() + Math.max(1, counted.secondsLeft) * 1000;
  };

  const leaseOf = (key: string): Lease => {
    const known = leases.get(key);
    if (known && (known.endsAt > Date.now() || known.fetching)) return known;
    if (leases.size >= MAX_CALLERS) leases.clear();
    const lease: Lease = { left: 0, unfetched: points, endsAt: Infinity, fetching: null };
    leases.set(key, lease);
    return lease;
  };

  return async (key, weight = 1) => {
    const lease = leaseOf(key);
    while (lease.left < weight && lease.unfetched > 0) {
      // Those who come meanwhile wait for the same points.
      lease.fetching ??= fetchPoints(key, lease, weight - lease.left).finally(() => {
        lease.fetching = null;
      });
      await lease.fetching;
    }
    const isExceeded = lease.left < weight;
    if (!isExceeded) lease.left -= weight;
    return {
      limit: points,
      remaining: isExceeded ? 0 : lease.left + lease.unfetched,
      resetsAt: new Date(lease.endsAt),
      isExceeded,
    } satisfies RateLimitState;
  };
}
