import type { Actor } from "../../domain/actor.js";
import type { RateLimitOptions } from "../../config/limits.js";
import { rateLimited } from "../../errors/domain-error.js";
import type { Counters } from "../../database/counters.js";
import type { BufferedResponse } from "../buffered-response.js";
import {
  createRateLimiter,
  type RateLimiter,
  type RateLimitState,
  secondsUntil,
  WINDOW_SECONDS,
} from "./limiter.js";
import { createSharedRateLimiter } from "./shared-limiter.js";

/** An operation costs the caller one point, as any request does, and one more for each so much. */
const COST_OF_A_POINT = 100;

export const morePointsFor = ({ requested }: { readonly requested: number }): number =>
  Math.floor(requested / COST_OF_A_POINT);

/** How often one caller may ask, at every door alike. What has been used up is told with each answer. */
export class RateLimits {
  private readonly credentials: Policy | null;
  private readonly addresses: Policy | null;

  constructor(
    private readonly options: RateLimitOptions,
    private readonly counters: Counters,
  ) {
    this.credentials = this.policy("credential", options.perCredential);
    this.addresses = this.policy("address", options.perAddress);
  }

  /** A limit of a door's own, counted where all are. @param name nobody else's */
  limiter(name: string, points: number): RateLimiter {
    return this.options.shared
      ? createSharedRateLimiter(this.counters, name, points)
      : createRateLimiter(points);
  }

  /**
   * Before anything is looked up.
   *
   * @param response is told how things stand; null where no header can
   * @returns a promise only where something has to be waited for
   * @throws RATE_LIMITED
   */
  takeForAddress(response: BufferedResponse | null, address: string): Promise<void> | void {
    if (this.addresses) return take(response, this.addresses, address, 1);
  }

  /**
   * @param weight what the request costs, compared with a simple one
   * @returns a promise only where something has to be waited for
   * @throws RATE_LIMITED
   */
  takeForCredential(
    response: BufferedResponse | null,
    actor: Actor,
    weight = 1,
  ): Promise<void> | void {
    if (!this.credentials || actor.credentialId === null) return;
    return take(response, this.credentials, `${actor.kind} ${actor.credentialId}`, weight);
  }

  private policy(name: string, points: number): Policy | null {
    if (points === 0) return null;
    const words = `"${name}";q=${points};w=${WINDOW_SECONDS}`;
    return { name, words, limiter: this.limiter(name, points) };
  }
}

interface Policy {
  readonly name: string;
  /** As the answers tell it. */
  readonly words: string;
  readonly limiter: RateLimiter;
}

function take(
  response: BufferedResponse | null,
  policy: Policy,
  key: string,
  weight: number,
): Promise<void> | void {
  const state = policy.limiter(key, weight);
  if (!(state instanceof Promise)) return tell(response, policy, state);
  return state.then((fetched) => tell(response, policy, fetched));
}

/**
 * In the fields of draft-ietf-httpapi-ratelimit-headers. What is told of the credential replaces what was told
 * of the address: it is the narrower one.
 */
function tell(
  response: BufferedResponse | null,
  { name, words }: Policy,
  { remaining, resetsAt, isExceeded }: RateLimitState,
): void {
  const seconds = secondsUntil(resetsAt);
  if (response) {
    response.headers["ratelimit-policy"] = words;
    response.headers["ratelimit"] = `"${name}";r=${remaining};t=${seconds}`;
  }
  if (isExceeded) throw rateLimited(seconds);
}
