import type { Origin } from "../../domain/actor.js";
import { rateLimited } from "../../errors/domain-error.js";
import type { Counted, CounterKey, Counters } from "../../database/counters.js";

/** Limits of failures within the window, as multiples of the limit per account and address. */
const ACCOUNT_FACTOR = 10;
const ADDRESS_FACTOR = 20;
const BAD_KEYS_FACTOR = 100;

export interface FailureLimits {
  /** Failed logins of one account from one address. */
  readonly max: number;
  readonly windowSeconds: number;
}

interface SignIn {
  /** The global id of the user, or the name in the request if there is no such user. */
  readonly account: string;
  readonly address: string;
  /** Whether the account has signed in from this address before. */
  readonly isKnownAddress: boolean;
}

/**
 * Limits guesses: of passwords by account and address, by account, and by address; of API keys by address. The counters
 * are in the database, shared by all processes.
 *
 * A login from a known address of the account is not subject to the limits per account and per address, so that an
 * attacker elsewhere cannot lock a user out.
 */
export class FailedAttempts {
  /** Addresses over the limit of bad keys, with the end of the block; requests from them are not counted. */
  private readonly blocked = new Map<string, number>();

  constructor(
    private readonly counters: Counters,
    private readonly limits: FailureLimits,
  ) {}

  /**
   * Counts the attempt before the password is checked, so that concurrent guesses cannot exceed the limit.
   *
   * @throws RATE_LIMITED
   */
  async begin({ account, address, isKnownAddress }: SignIn): Promise<void> {
    const { max, windowSeconds } = this.limits;
    const [here] = await this.counters.add([pairKey(account, address)], 1, windowSeconds);
    assertWithin(max, here);
    const [byAccount, byAddress] = await this.counters.read(wideKeys(account, address));
    // Minus one, because these counters do not include this attempt yet.
    if (!isKnownAddress) assertWithin(max * ACCOUNT_FACTOR - 1, byAccount);
    if (!isKnownAddress) assertWithin(max * ADDRESS_FACTOR - 1, byAddress);
  }

  async failed({ account, address }: SignIn): Promise<void> {
    await this.counters.add(wideKeys(account, address), 1, this.limits.windowSeconds);
  }

  async succeeded({ account, address }: SignIn): Promise<void> {
    await this.counters.forget(pairKey(account, address));
  }

  /**
   * Counts an unknown key or token. Requests with a valid credential are never blocked, even from a blocked
   * address.
   *
   * @throws RATE_LIMITED
   */
  async countBadKey({ address }: Origin): Promise<void> {
    if (address === undefined) return;
    const now = performance.now();
    const blockedUntil = this.blocked.get(address) ?? 0;
    if (blockedUntil > now) throw rateLimited(Math.ceil((blockedUntil - now) / 1000));
    this.blocked.delete(address);
    const { max, windowSeconds } = this.limits;
    const [bad] = await this.counters.add([["bad key", address]], 1, windowSeconds);
    if (bad && bad.count > max * BAD_KEYS_FACTOR) {
      if (this.blocked.size >= MAX_BLOCKED) this.blocked.clear();
      this.blocked.set(address, now + bad.secondsLeft * 1000);
    }
    assertWithin(max * BAD_KEYS_FACTOR, bad);
  }
}

/** Limits memory: when exceeded, all are forgotten and counted in the database again. */
const MAX_BLOCKED = 10_000;

const pairKey = (account: string, address: string): CounterKey => ["sign-in", account, address];

const wideKeys = (account: string, address: string): [CounterKey, CounterKey] => [
  ["sign-in account", account],
  ["sign-in address", address],
];

/** @throws RATE_LIMITED */
function assertWithin(max: number, counted: Counted | undefined): void {
  if (counted && counted.count > max) throw rateLimited(Math.max(1, counted.secondsLeft));
}
