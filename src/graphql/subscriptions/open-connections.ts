import { type Actor, credentialSubject } from "../../domain/actor.js";
import { integerKeyOf } from "../../domain/global-id.js";
import { DomainError, unauthenticated } from "../../errors/domain-error.js";
import type { LoggedEvent } from "../../outbox/event.js";
import type { Logger } from "../../observability/logging/logger.js";
import type { EndedCredentials } from "../../services/credentials/credential-end.js";
import type { Services } from "../../services/index.js";

/** A WebSocket or an event stream. */
export interface OpenConnection {
  readonly actor: Actor;
  /** Called when the credential has expired or was revoked, or when its permissions have changed. */
  readonly end: () => void;
}

export interface ConnectionLimits {
  readonly max: number;
  readonly maxPerCredential: number;
  readonly leaseSeconds: number;
  /** How often credentials are checked for changes that published no event, such as manual SQL. */
  readonly checkIntervalMs: number;
}

const TIMER_MAX_MS = 2_147_483_647;
const RETRY_AFTER_SECONDS = 5;

/**
 * The connections that stay open after authentication. A connection ends with its credential, whichever
 * process revokes it, and keeps the user of a login session online.
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
      setInterval(() => void this.endInvalid(this.all()), checkIntervalMs).unref(),
      setInterval(() => this.keepOnline(this.all()), (leaseSeconds * 1000) / 3).unref(),
    ];
  }

  get count(): number {
    return this.open;
  }

  get isFull(): boolean {
    return this.open >= this.limits.max;
  }

  /**
   * @returns a function that removes the connection, to be called when it has closed
   * @throws RATE_LIMITED when a limit is reached, UNAUTHENTICATED when the credential has ended since authentication
   */
  async add(connection: OpenConnection): Promise<() => void> {
    const key = keyOf(connection);
    const ofCredential = this.byCredential.get(key) ?? new Set();
    if (this.isFull || ofCredential.size >= this.limits.maxPerCredential) throw tooMany();
    this.byCredential.set(key, ofCredential.add(connection));
    this.open += 1;
    const remove = () => this.remove(key, connection);
    try {
      await this.watch();
      // The end of a credential before the watch started was not observed.
      if ((await this.invalidAmong([connection])).length > 0)
        throw unauthenticated(CREDENTIAL_ENDED);
    } catch (error) {
      remove();
      throw error;
    }
    this.keepOnline([connection]);
    return remove;
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
      .watchCredentials((event) => this.onCredentialEnded(event))
      .catch((error: unknown) => {
        this.watching = undefined;
        throw error;
      });
    return this.watching;
  }

  /** @returns the connections whose credential has ended or changed. Sets the expiry timers of the others */
  private async invalidAmong(connections: readonly OpenConnection[]): Promise<OpenConnection[]> {
    const actors = connections.map(({ actor }) => actor);
    const lifetimes = await this.services.authentication.lifetimes(actors);
    return connections.filter((connection) => {
      const ms = lifetimes.get(connection.actor);
      if (ms !== undefined) this.endAfter(connection, ms);
      return ms === undefined;
    });
  }

  private endAfter(connection: OpenConnection, ms: number | null): void {
    // The connection may have closed during the query.
    if (!this.byCredential.get(keyOf(connection))?.has(connection)) return;
    clearTimeout(this.expiries.get(connection));
    if (ms === null || ms > TIMER_MAX_MS) return;
    this.expiries.set(connection, setTimeout(() => connection.end(), ms).unref());
  }

  /** Not for API keys: a program that uses the key of a user does not make that user present. */
  private keepOnline(connections: Iterable<OpenConnection>): void {
    const userIds = [...connections].flatMap(({ actor: { kind, userId } }) =>
      kind === "SESSION" && userId !== null ? [userId] : [],
    );
    this.services.presence.keepAlive(userIds);
  }

  private onCredentialEnded({ subject, payload }: LoggedEvent): void {
    const ended = payload.ended as EndedCredentials | undefined;
    if (ended === "OLD_SECRETS") {
      void this.endInvalid(this.byCredential.get(subject) ?? []);
      return;
    }
    const connections = ended ? this.ofUser(subject, ended) : this.byCredential.get(subject);
    for (const { end } of [...(connections ?? [])]) end();
  }

  private ofUser(globalId: string, ended: EndedCredentials): OpenConnection[] {
    const id = integerKeyOf("User", globalId);
    return [...this.all()].filter(
      ({ actor: { kind, userId } }) =>
        userId !== null && userId === id && (ended === "EVERYTHING" || kind === "SESSION"),
    );
  }

  private async endInvalid(among: Iterable<OpenConnection>): Promise<void> {
    const connections = [...among];
    if (connections.length === 0) return;
    try {
      for (const { end } of await this.invalidAmong(connections)) end();
    } catch (error) {
      this.logger.warn({ err: error }, "open connections could not be checked; trying again");
    }
  }
}

/** The message to a client whose credential ends while it is connected. */
export const CREDENTIAL_ENDED = "The credential has ended";

const keyOf = ({ actor }: OpenConnection): string => credentialSubject(actor) ?? "";

const tooMany = (): DomainError =>
  new DomainError("RATE_LIMITED", "Too many connections are open", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
