import type { Actor } from "../domain/actor.js";
import { toGlobalId } from "../domain/global-id.js";
import { DomainError } from "../errors/domain-error.js";
import type { LoggedEvent } from "../events/logged-event.js";
import type { Logger } from "../logger.js";
import { credentialSubject, type EndedOf } from "../services/credential-end.js";
import type { Services } from "../services/index.js";

/** Something that a client keeps open: a socket or a stream. */
export interface OpenConnection {
  readonly actor: Actor;
  /** Its credential has expired or was revoked. */
  readonly end: () => void;
}

export interface ConnectionLimits {
  readonly max: number;
  readonly maxPerCredential: number;
  readonly leaseSeconds: number;
}

/** A revocation that somebody wrote into the database by hand is found after that time. */
const CHECK_INTERVAL_MS = 10_000;
const TIMER_MAX_MS = 2_147_483_647;

/**
 * Everything that stays open after its credential was checked. A connection ends with its credential,
 * in whichever process that was revoked, and keeps whoever signed in online.
 */
export class OpenConnections {
  private readonly byCredential = new Map<string, Set<OpenConnection>>();
  private readonly expiries = new Map<OpenConnection, NodeJS.Timeout>();
  private readonly timers: readonly NodeJS.Timeout[];
  private count = 0;
  private watching: Promise<void> | undefined;

  constructor(
    private readonly services: Services,
    private readonly limits: ConnectionLimits,
    private readonly logger: Logger,
  ) {
    const { leaseSeconds } = limits;
    this.timers = [
      setInterval(() => void this.checkAll(), CHECK_INTERVAL_MS).unref(),
      setInterval(() => this.keepOnline(this.all()), (leaseSeconds * 1000) / 3).unref(),
    ];
  }

  get isFull(): boolean {
    return this.count >= this.limits.max;
  }

  /**
   * @returns to be called when it has closed
   * @throws RATE_LIMITED when there are too many, UNAUTHENTICATED when the credential has ended meanwhile
   */
  async add(connection: OpenConnection): Promise<() => void> {
    const key = credentialSubject(connection.actor) ?? "";
    const ofCredential = this.byCredential.get(key) ?? new Set();
    if (this.isFull || ofCredential.size >= this.limits.maxPerCredential) {
      throw new DomainError("RATE_LIMITED", "Too many connections are open");
    }
    this.byCredential.set(key, ofCredential.add(connection));
    this.count += 1;
    const leave = () => this.remove(key, connection);
    try {
      this.watching ??= this.services.live.watchCredentials((event) => this.endOf(event));
      await this.watching;
      await this.check([connection]);
      this.keepOnline([connection]);
    } catch (error) {
      this.watching = undefined;
      leave();
      throw error;
    }
    return leave;
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const timer of this.expiries.values()) clearTimeout(timer);
  }

  private remove(key: string, connection: OpenConnection): void {
    const ofCredential = this.byCredential.get(key);
    if (!ofCredential?.delete(connection)) return;
    this.count -= 1;
    if (ofCredential.size === 0) this.byCredential.delete(key);
    clearTimeout(this.expiries.get(connection));
    this.expiries.delete(connection);
  }

  private *all(): Iterable<OpenConnection> {
    for (const connections of this.byCredential.values()) yield* connections;
  }

  /** Ends what has no valid credential any more, and sets the clock for what will not have one. */
  private async check(connections: readonly OpenConnection[]): Promise<void> {
    if (connections.length === 0) return;
    const actors = connections.map(({ actor }) => actor);
    const lifetimes = await this.services.authentication.lifetimes(actors);
    for (const connection of connections) {
      const ms = lifetimes.get(credentialSubject(connection.actor) ?? "");
      clearTimeout(this.expiries.get(connection));
      if (ms === undefined) connection.end();
      else if (ms !== null && ms < TIMER_MAX_MS) {
        this.expiries.set(connection, setTimeout(() => connection.end(), ms).unref());
      }
    }
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
    const isMeant = ({ actor }: OpenConnection) =>
      ended === undefined
        ? credentialSubject(actor) === subject
        : actor.userId !== null &&
          toGlobalId("User", actor.userId) === subject &&
          (ended === "EVERYTHING" || actor.kind === "SESSION");
    for (const connection of [...this.all()].filter(isMeant)) connection.end();
  }

  private async checkAll(): Promise<void> {
    await this.check([...this.all()]).catch((error: unknown) => {
      this.logger.warn({ err: error }, "open connections could not be checked; it is tried again");
    });
  }
}
