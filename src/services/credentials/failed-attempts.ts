import type { Origin } from "../../domain/actor.js";
import { rateLimited } from "../../errors/domain-error.js";
import type { Counted, CounterKey, Counters } from "../../database/counters.js";

/** How many failures are borne within the window, as multiples of what one account may have from one address. */
const ACCOUNT_FACTOR = 10;
const ADDRESS_FACTOR = 20;
const BAD_KEYS_FACTOR = 100;

export interface FailureLimits {
  /** Failed sign-ins for one account from one address. */
  readonly max: number;
  readonly windowSeconds: number;
}

interface SignIn {
  /** What the caller says; the same whether there is such an account or not. */
  readonly account: string;
  readonly address: string;
  /** Whether this account has signed in from this address before. */
  readonly isKnownAddress: boolean;
}

/**
 * Slows guessing: of passwords by account and address, by account, and by address; of keys by address.
 * Counted in the database, for all processes together.
 *
 * Who has signed in from an address before is not kept out there by what others fail from elsewhere,
 * so nobody can lock somebody else out.
 */
export class FailedAttempts {
  /** Addresses that have sent too many bad keys, until when: no need to go on counting. */
  private readonly blocked = new Map<string, number>();

  constructor(
    private readonly counters: Counters,
    private readonly limits: FailureLimits,
  ) {}

  /**
   * Before the password is looked at, so that many guesses at once are as many.
   *
   * @throws RATE_LIMITED
   */
  async begin({ account, address, isKnownAddress }: SignIn): Promise<void> {
    const { max, windowSeconds } = this.limits;
    const [here] = await this.counters.add([pairKey(account, address)], 1, windowSeconds);
    assertWithin(max, here);
    const [byAccount, byAddress] = await this.counters.read(wideKeys(account, address));
    // One less: these do not count this attempt yet.
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
   * Notes a key or token that nobody has. Whoever shares the address with a guesser and has a valid one
   * never gets here.
   *
   * @throws RATE_LIMITED
   */
  async badKey({ address }: Origin): Promise<void> {
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

/** Beyond that many they are counted in the database again, each time. */
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
