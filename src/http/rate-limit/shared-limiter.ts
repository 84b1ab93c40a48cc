import type { Counters } from "../../database/counters.js";
import {
  createRateLimiter,
  type FetchPoints,
  type Lease,
  type RateLimiter,
  WINDOW_SECONDS,
} from "./limiter.js";

/** A process fetches so many points at once that a caller who uses up the limit costs this many statements. */
const LEASES = 20;

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
  const fetching = new WeakMap<Lease, Promise<void>>();

  const fetchShare: FetchPoints = async (key, lease, wanted) => {
    const amount = Math.max(share, wanted);
    const [counted] = await counters.add([["rate", name, key]], amount, WINDOW_SECONDS);
    if (!counted) throw new Error("the counter was not returned");
    const before = counted.count - amount;
    lease.left += Math.max(0, Math.min(amount, points - before));
    lease.unfetched = Math.max(0, points - counted.count);
    lease.endsAt = Date.now() + Math.max(1, counted.secondsLeft) * 1000;
  };

  return createRateLimiter(points, (key, lease, wanted) => {
    // Those who come meanwhile wait for the same points.
    const known = fetching.get(lease);
    if (known) return known;
    const begun = fetchShare(key, lease, wanted).finally(() => void fetching.delete(lease));
    fetching.set(lease, begun);
    return begun;
  });
}
