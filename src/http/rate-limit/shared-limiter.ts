import type { Counters } from "../../database/counters.js";
import {
  createRateLimiter,
  type FetchPoints,
  type Lease,
  type RateLimiter,
  WINDOW_SECONDS,
} from "./limiter.js";

/** A process fetches this fraction of the points at a time: a caller that spends all of them costs this many statements. */
const SHARES = 20;

/**
 * Counts the calls of each key in the database, for all processes together, but without a statement per call: each process fetches a
 * share of the points in advance. Points that it has not spent at the end of the minute are lost.
 */
export function createSharedRateLimiter(
  counters: Counters,
  name: string,
  points: number,
): RateLimiter {
  const share = Math.max(1, Math.ceil(points / SHARES));
  const fetching = new WeakMap<Lease, Promise<void>>();

  const fetchShare: FetchPoints = async (key, lease, requested) => {
    const amount = Math.max(share, requested);
    const [counted] = await counters.add([["rate", name, key]], amount, WINDOW_SECONDS);
    if (!counted) throw new Error("the counter was not returned");
    const before = counted.count - amount;
    lease.left += Math.max(0, Math.min(amount, points - before));
    lease.unfetched = Math.max(0, points - counted.count);
    lease.endsAt = Date.now() + Math.max(1, counted.secondsLeft) * 1000;
  };

  return createRateLimiter(points, (key, lease, requested) => {
    // Calls in the meantime wait for the same points.
    const known = fetching.get(lease);
    if (known) return known;
    const begun = fetchShare(key, lease, requested).finally(() => void fetching.delete(lease));
    fetching.set(lease, begun);
    return begun;
  });
}
