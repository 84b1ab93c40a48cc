import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource } from "typeorm";
import { toEventCursor } from "../../src/domain/event-cursor.js";
import {
  type SubscriptionClient,
  subscriptionClients,
  type Transport,
} from "../support/subscription-client.js";
import { type ReceivedEvent, nextEvent, documentOf } from "./subscribe.js";

const RETRY_MS = 25;

/** The gateway that a client uses. The test changes it when a gateway is lost. */
export interface Endpoint {
  url: string;
}

/**
 * Creates users one after the other, each exactly once: it repeats a request with the same idempotency key until
 * it has a response.
 */
export class RetryingWriter {
  readonly created: string[] = [];
  private readonly prefix = randomUUID().slice(0, 8);
  private isStopped = false;
  private readonly done: Promise<void>;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly secret: string,
  ) {
    this.done = this.run();
  }

  /** Resolves when this many more users are created, or when the writer is stopped. */
  async more(count: number): Promise<void> {
    const target = this.created.length + count;
    while (this.created.length < target && !this.isStopped) await sleep(RETRY_MS / 5);
  }

  hasCreated(username: string): boolean {
    return username.startsWith(this.prefix);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.done;
  }

  private async run(): Promise<void> {
    for (let n = 1; !this.isStopped; n += 1) {
      const username = `${this.prefix}-${n}`;
      while (!(await this.create(username).catch(() => false))) await sleep(RETRY_MS);
      this.created.push(username);
    }
  }

  private async create(username: string): Promise<boolean> {
    const response = await fetch(`${this.endpoint.url}/graphql`, {
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

/** Subscribes to users, and resumes after the last received event whenever it loses its connection. */
export class ResumingSubscriber {
  readonly received: ReceivedEvent[] = [];
  /** The number of lost connections. */
  losses = 0;
  private client: SubscriptionClient | undefined;
  private isStopped = false;
  private readonly done: Promise<void>;

  constructor(
    private readonly transport: Transport,
    private readonly endpoint: Endpoint,
    private readonly secret: string,
    private after: string,
  ) {
    this.done = this.run();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.client?.dispose();
    await this.done;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      await this.receive().catch(() => undefined);
      this.client?.dispose();
      this.losses += 1;
      await sleep(RETRY_MS);
    }
  }

  private async receive(): Promise<void> {
    this.client = subscriptionClients[this.transport](this.endpoint.url, this.secret);
    const events = this.client.subscribe(documentOf("userChanged"), { after: this.after });
    for (;;) {
      const event = await nextEvent(events);
      this.received.push(event);
      this.after = event.cursor;
    }
  }
}

/** The cursor of the latest event. */
export async function latestCursor(dataSource: DataSource): Promise<string> {
  const [row] = await dataSource.query<[{ id: string }]>(
    `SELECT coalesce(max(id), 0) AS id FROM events`,
  );
  return toEventCursor(Number(row.id));
}
