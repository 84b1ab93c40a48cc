import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

export const WINDOW_SECONDS = 60;

/** How things stand for one caller. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt: Date;
  readonly isExceeded: boolean;
}

/** @param weight how many calls it counts for; one unless given */
export type RateLimiter = (key: string, weight?: number) => Promise<RateLimitState>;

/** Counts the calls under each key, a minute at a time. Every process counts for itself. */
export function createRateLimiter(callsPerMinute: number): RateLimiter {
  const limiter = new RateLimiterMemory({ points: callsPerMinute, duration: WINDOW_SECONDS });
  const stateOf = ({ remainingPoints, msBeforeNext }: RateLimiterRes, isExceeded: boolean) => ({
    limit: callsPerMinute,
    remaining: remainingPoints,
    resetsAt: new Date(Date.now() + msBeforeNext),
    isExceeded,
  });
  return async (key, weight = 1) => {
    try {
      return stateOf(await limiter.consume(key, weight), false);
    } catch (error) {
      if (error instanceof RateLimiterRes) return stateOf(error, true);
      throw error;
    }
  };
}
