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

/** An operation costs one point, as any request does, and one more for each multiple of this cost. */
const COST_OF_A_POINT = 100;

export const morePointsFor = ({ requested }: { readonly requested: number }): number =>
  Math.floor(requested / COST_OF_A_POINT);

/** Limits the requests of each credential and address, for all APIs together. Each response reports the state in its headers. */
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

  /** A limit of one API, counted in the same place. @param name unique */
  limiter(name: string, points: number): RateLimiter {
    return this.options.shared
      ? createSharedRateLimiter(this.counters, name, points)
      : createRateLimiter(points);
  }

  /**
   * Called before the first database query of a request.
   *
   * @param response receives the headers; null for a WebSocket, which has none
   * @returns a promise only when points have to be fetched
   * @throws RATE_LIMITED
   */
  takeForAddress(response: BufferedResponse | null, address: string): Promise<void> | void {
    if (this.addresses) return take(response, this.addresses, address, 1);
  }

  /**
   * @param weight the points that the request costs
   * @returns a promise only when points have to be fetched
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
    const header = `"${name}";q=${points};w=${WINDOW_SECONDS}`;
    return { name, header, limiter: this.limiter(name, points) };
  }
}

interface Policy {
  readonly name: string;
  /** The value of the header `RateLimit-Policy`. */
  readonly header: string;
  readonly limiter: RateLimiter;
}

function take(
  response: BufferedResponse | null,
  policy: Policy,
  key: string,
  weight: number,
): Promise<void> | void {
  const state = policy.limiter(key, weight);
  if (!(state instanceof Promise)) return apply(response, policy, state);
  return state.then((fetched) => apply(response, policy, fetched));
}

/**
 * Writes the headers of draft-ietf-httpapi-ratelimit-headers. Those of the credential replace those of the address, whose limit is wider.
 */
function apply(
  response: BufferedResponse | null,
  { name, header }: Policy,
  { remaining, resetsAt, isExceeded }: RateLimitState,
): void {
  const seconds = secondsUntil(resetsAt);
  if (response) {
    response.headers["ratelimit-policy"] = header;
    response.headers["ratelimit"] = `"${name}";r=${remaining};t=${seconds}`;
  }
  if (isExceeded) throw rateLimited(seconds);
}
