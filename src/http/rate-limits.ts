import type { ServerResponse } from "node:http";
import type { Actor } from "../domain/actor.js";
import type { Cost } from "../graphql/admission.js";
import { rateLimited } from "../errors/domain-error.js";
import type { Counters } from "../persistence/counters.js";
import {
  createRateLimiter,
  type RateLimiter,
  type RateLimitState,
  WINDOW_SECONDS,
} from "./rate-limiter.js";
import { createSharedRateLimiter } from "./shared-rate-limiter.js";

export interface RateLimitOptions {
  /** Points a minute; 0: no limit. */
  readonly perCredential: number;
  readonly perAddress: number;
  /** Whether all processes on the database count together. */
  readonly shared: boolean;
}

/** An operation costs the caller one point, as any request does, and one more for each so much. */
const COST_OF_A_POINT = 100;

export const morePointsFor = ({ requested }: Cost): number =>
  Math.floor(requested / COST_OF_A_POINT);

/** How often one caller may ask, at every door alike. What has been used up is told with each answer. */
export class RateLimits {
  private readonly credentials: RateLimiter | null;
  private readonly addresses: RateLimiter | null;

  constructor(
    private readonly options: RateLimitOptions,
    private readonly counters: Counters,
  ) {
    const { perCredential, perAddress } = options;
    this.credentials = perCredential === 0 ? null : this.limiter("credential", perCredential);
    this.addresses = perAddress === 0 ? null : this.limiter("address", perAddress);
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
   * @throws RATE_LIMITED
   */
  async takeForAddress(response: ServerResponse | null, address: string): Promise<void> {
    if (this.addresses) tell(response, "address", await this.addresses(address));
  }

  /**
   * @param weight what the request costs, compared with a simple one
   * @throws RATE_LIMITED
   */
  async takeForCredential(
    response: ServerResponse | null,
    actor: Actor,
    weight = 1,
  ): Promise<void> {
    if (!this.credentials || actor.credentialId === null) return;
    const key = `${actor.kind} ${actor.credentialId}`;
    tell(response, "credential", await this.credentials(key, weight));
  }
}

/**
 * In the fields of draft-ietf-httpapi-ratelimit-headers. What is told of the credential replaces what was told
 * of the address: it is the narrower one.
 */
function tell(response: ServerResponse | null, policy: string, state: RateLimitState): void {
  const seconds = Math.max(1, Math.ceil((state.resetsAt.getTime() - Date.now()) / 1000));
  response?.setHeader("ratelimit-policy", `"${policy}";q=${state.limit};w=${WINDOW_SECONDS}`);
  response?.setHeader("ratelimit", `"${policy}";r=${state.remaining};t=${seconds}`);
  if (state.isExceeded) throw rateLimited(seconds);
}
