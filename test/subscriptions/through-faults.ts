import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource } from "typeorm";
import { toEventCursor } from "../../src/domain/event-cursor.js";
import { type LiveClient, liveClients, type Transport } from "../support/live-client.js";
import { type EventTold, nextEvent, subscriptionOf } from "./following.js";

const RETRY_MS = 25;

/** Where a client may turn to; what it is told to use changes when a gateway is lost. */
export interface Place {
  url: string;
}

/**
 * Makes people, one after the other, as a client does who wants each made once: whatever happens, it
 * asks again with the same key until it has an answer.
 */
export class Changer {
  readonly made: string[] = [];
  private readonly run = randomUUID().slice(0, 8);
  private isStopped = false;
  private readonly done: Promise<void>;

  constructor(
    private readonly place: Place,
    private readonly secret: string,
  ) {
    this.done = this.change();
  }

  /** Resolves when so many more are made, or none will be. */
  async more(count: number): Promise<void> {
    const target = this.made.length + count;
    while (this.made.length < target && !this.isStopped) await sleep(RETRY_MS / 5);
  }

  hasMade(username: string): boolean {
    return username.startsWith(this.run);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.done;
  }

  private async change(): Promise<void> {
    for (let n = 1; !this.isStopped; n += 1) {
      const username = `${this.run}-${n}`;
      while (!(await this.create(username).catch(() => false))) await sleep(RETRY_MS);
      this.made.push(username);
    }
  }

  private async create(username: string): Promise<boolean> {
    const response = await fetch(`${this.place.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${this.secret}`,
        "idempotency-key": username,
      },
      body: JSON.stringify({
        query: `mutation { createUser(input: { username: "${username}" }) { user { username } } }`,
      }),
    });
    const { data } = (await response.json()) as { data?: { createUser: object } | null };
    return data?.createUser !== undefined;
  }
}

/** Follows users, and whenever it loses its subscription asks for what came after the last it was told. */
export class Follower {
  readonly told: EventTold[] = [];
  /** How often it had to come back. */
  returns = 0;
  private client: LiveClient | undefined;
  private isStopped = false;
  private readonly done: Promise<void>;

  constructor(
    private readonly transport: Transport,
    private readonly place: Place,
    private readonly secret: string,
    private after: string,
  ) {
    this.done = this.listen();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.client?.dispose();
    await this.done;
  }

  private async listen(): Promise<void> {
    while (!this.isStopped) {
      await this.follow().catch(() => undefined);
      this.client?.dispose();
      this.returns += 1;
      await sleep(RETRY_MS);
    }
  }

  private async follow(): Promise<void> {
    this.client = liveClients[this.transport](this.place.url, this.secret);
    const events = this.client.follow(subscriptionOf("userChanged"), { after: this.after });
    for (;;) {
      const event = await nextEvent(events);
      this.told.push(event);
      this.after = event.cursor;
    }
  }
}

/** The cursor behind everything that has happened. */
export async function presentCursor(dataSource: DataSource): Promise<string> {
  const [row] = await dataSource.query<[{ id: string }]>(
    `SELECT coalesce(max(id), 0) AS id FROM events`,
  );
  return toEventCursor(Number(row.id));
}
