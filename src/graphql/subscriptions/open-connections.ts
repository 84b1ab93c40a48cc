import { type Actor, credentialSubject } from "../../domain/actor.js";
import { integerKeyOf } from "../../domain/global-id.js";
import { DomainError, unauthenticated } from "../../errors/domain-error.js";
import type { LoggedEvent } from "../../outbox/event.js";
import type { Logger } from "../../observability/logging/logger.js";
import type { EndedOf } from "../../services/credentials/credential-end.js";
import type { Services } from "../../services/index.js";

/** Something that a client keeps open: a socket or a stream. */
export interface OpenConnection {
  readonly actor: Actor;
  /** Its credential has expired or was revoked, or has other permissions now. */
  readonly end: () => void;
}

export interface ConnectionLimits {
  readonly max: number;
  readonly maxPerCredential: number;
  readonly leaseSeconds: number;
  /** After that time, a revocation is found that somebody wrote into the database by hand. */
  readonly checkIntervalMs: number;
}

const TIMER_MAX_MS = 2_147_483_647;
const RETRY_AFTER_SECONDS = 5;

/**
 * Everything that stays open after its credential was checked. A connection ends with its credential,
 * in whichever process that was revoked, and keeps whoever signed in online.
 */
export class OpenConnections {
  private readonly byCredential = new Map<string, Set<OpenConnection>>();
  private readonly expiries = new Map<OpenConnection, NodeJS.Timeout>();
  private readonly timers: readonly NodeJS.Timeout[];
  private watching: Promise<void> | undefined;
  private open = 0;

  constructor(
    private readonly services: Services,
    private readonly limits: ConnectionLimits,
    private readonly logger: Logger,
  ) {
    const { leaseSeconds, checkIntervalMs } = limits;
    this.timers = [
      setInterval(() => void this.endWhatEnded(this.all()), checkIntervalMs).unref(),
      setInterval(() => this.keepOnline(this.all()), (leaseSeconds * 1000) / 3).unref(),
    ];
  }

  /** How many are open now. */
  get count(): number {
    return this.open;
  }

  get isFull(): boolean {
    return this.open >= this.limits.max;
  }

  /**
   * @returns to be called when it has closed
   * @throws RATE_LIMITED when there are too many, UNAUTHENTICATED when the credential has ended meanwhile
   */
  async add(connection: OpenConnection): Promise<() => void> {
    const key = keyOf(connection);
    const ofCredential = this.byCredential.get(key) ?? new Set();
    if (this.isFull || ofCredential.size >= this.limits.maxPerCredential) throw tooMany();
    this.byCredential.set(key, ofCredential.add(connection));
    this.open += 1;
    const leave = () => this.remove(key, connection);
    try {
      await this.watch();
      // What ended it before it was watched was told to nobody.
      if ((await this.endedAmong([connection])).length > 0) throw unauthenticated(ENDED);
    } catch (error) {
      leave();
      throw error;
    }
    this.keepOnline([connection]);
    return leave;
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const timer of this.expiries.values()) clearTimeout(timer);
  }

  private remove(key: string, connection: OpenConnection): void {
    const ofCredential = this.byCredential.get(key);
    if (!ofCredential?.delete(connection)) return;
    this.open -= 1;
    if (ofCredential.size === 0) this.byCredential.delete(key);
    clearTimeout(this.expiries.get(connection));
    this.expiries.delete(connection);
  }

  private *all(): Iterable<OpenConnection> {
    for (const connections of this.byCredential.values()) yield* connections;
  }

  private watch(): Promise<void> {
    this.watching ??= this.services.subscriptions
      .watchCredentials((event) => this.endOf(event))
      .catch((error: unknown) => {
        this.watching = undefined;
        throw error;
      });
    return this.watching;
  }

  /** Finds those whose credential is not what it was, and sets the clock for those that will end. */
  private async endedAmong(connections: readonly OpenConnection[]): Promise<OpenConnection[]> {
    const actors = connections.map(({ actor }) => actor);
    const lifetimes = await this.services.authentication.lifetimes(actors);
    return connections.filter((connection) => {
      const ms = lifetimes.get(connection.actor);
      if (ms !== undefined) this.endAfter(connection, ms);
      return ms === undefined;
    });
  }

  private endAfter(connection: OpenConnection, ms: number | null): void {
    // It may have closed while the database was asked.
    if (!this.byCredential.get(keyOf(connection))?.has(connection)) return;
    clearTimeout(this.expiries.get(connection));
    if (ms === null || ms > TIMER_MAX_MS) return;
    this.expiries.set(connection, setTimeout(() => connection.end(), ms).unref());
  }

  /** A key is a program's, whoever owns it: only who signed in is there. */
  private keepOnline(connections: Iterable<OpenConnection>): void {
    const people = [...connections].flatMap(({ actor: { kind, userId } }) =>
      kind === "SESSION" && userId !== null ? [userId] : [],
    );
    this.services.presence.keepAlive(people);
  }

  private endOf({ subject, payload }: LoggedEvent): void {
    const ended = payload.ended as EndedOf | undefined;
    if (ended === "OLD_SECRETS") {
      void this.endWhatEnded(this.byCredential.get(subject) ?? []);
      return;
    }
    const connections = ended ? this.ofUser(subject, ended) : this.byCredential.get(subject);
    for (const { end } of [...(connections ?? [])]) end();
  }

  private ofUser(globalId: string, ended: EndedOf): OpenConnection[] {
    const id = integerKeyOf("User", globalId);
    return [...this.all()].filter(
      ({ actor: { kind, userId } }) =>
        userId !== null && userId === id && (ended === "EVERYTHING" || kind === "SESSION"),
    );
  }

  private async endWhatEnded(among: Iterable<OpenConnection>): Promise<void> {
    const connections = [...among];
    if (connections.length === 0) return;
    try {
      for (const { end } of await this.endedAmong(connections)) end();
    } catch (error) {
      this.logger.warn({ err: error }, "open connections could not be checked; it is tried again");
    }
  }
}

/** What a client is told whose credential ends while it is connected. */
export const ENDED = "The credential has ended";

const keyOf = ({ actor }: OpenConnection): string => credentialSubject(actor) ?? "";

const tooMany = (): DomainError =>
  new DomainError("RATE_LIMITED", "Too many connections are open", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
