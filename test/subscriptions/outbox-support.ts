import { Client } from "pg";
import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/data-source.js";
import { EventHub, type EventSubscription } from "../../src/outbox/hub.js";
import { EventLog } from "../../src/outbox/log.js";
import type { EventFilter } from "../../src/outbox/event-filter.js";
import type { LoggedEvent } from "../../src/outbox/logged-event.js";
import { PostgresNotifier } from "../../src/outbox/postgres-notifier.js";
import { createLogger } from "../../src/observability/logging/logger.js";
import { Reader } from "../../src/database/reader.js";
import { createWorkerDatabase } from "../support/database.js";

/** Tells how often it was asked who is writing, and had answered. */
export class WatchedLog extends EventLog {
  answers = 0;

  override async writers(): Promise<Set<string>> {
    const writers = await super.writers();
    this.answers++;
    return writers;
  }
}

/** The table of events of a database of its own, with hubs that read it and hands that write into it. */
export class Outbox {
  private readonly opened: { close: () => Promise<unknown> }[] = [];
  private readonly ringer: PostgresNotifier;
  readonly log: WatchedLog;

  private constructor(
    private readonly url: string,
    private readonly dataSource: DataSource,
  ) {
    const reader = new Reader(dataSource, { waitMs: 1000, stallTimeoutMs: 1000 });
    this.log = new WatchedLog(reader);
    this.ringer = new PostgresNotifier(url, reader, createLogger("error"));
  }

  static async open(): Promise<Outbox> {
    const url = await createWorkerDatabase();
    const dataSource = createDataSource({ url, poolMax: 5, statementTimeoutMs: 10_000 });
    return new Outbox(url, await dataSource.initialize());
  }

  /** Another process' worth of hub. */
  hub(log?: EventLog): EventHub {
    const logger = createLogger("error");
    const reader = new Reader(this.dataSource, { waitMs: 1000, stallTimeoutMs: 1000 });
    const notifier = new PostgresNotifier(this.url, reader, logger);
    const hub = new EventHub(log ?? new EventLog(reader), notifier, 10_000, logger);
    this.opened.push(hub);
    return hub;
  }

  /** A connection that writes events as a change does. */
  async writer(): Promise<Writer> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    this.opened.push({ close: () => client.end() });
    return new Writer(client, () => this.ringer.notify());
  }

  /** All that were ever committed after this one. */
  async idsAfter(id: number): Promise<number[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM events WHERE id > $1 ORDER BY id`,
      [id],
    );
    return rows.map((row) => Number(row.id));
  }

  /** Throws away all that there are, as time does. */
  async forget(): Promise<void> {
    await this.dataSource.query(`UPDATE events SET created_at = now() - interval '2 hours'`);
    await this.log.prune(1, 100_000);
  }

  async close(): Promise<void> {
    for (const open of this.opened) await open.close();
    await this.ringer.close();
    await this.dataSource.destroy();
  }
}

let written = 0;

export class Writer {
  private isOpen = false;

  constructor(
    private readonly client: Client,
    private readonly ring: () => void,
  ) {}

  /** In the transaction that is open, or a new one. @returns the ids */
  async write(count = 1): Promise<number[]> {
    await this.begin();
    written += count;
    // Each about something else, so that none stands for another.
    const { rows } = await this.client.query<{ id: string }>(
      `INSERT INTO events (topic, subject, payload)
       SELECT 'tabRefreshed', 'tab_' || n, '{}' FROM generate_series($1::int, $2::int) n RETURNING id`,
      [written - count + 1, written],
    );
    return rows.map(({ id }) => Number(id));
  }

  /** Takes ids that will never be seen, without ending the transaction. */
  async writeInVain(): Promise<void> {
    await this.begin();
    await this.client.query("SAVEPOINT vain");
    await this.write();
    await this.client.query("ROLLBACK TO SAVEPOINT vain");
  }

  async end(how: "COMMIT" | "ROLLBACK"): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.client.query(how);
    this.ring();
  }

  private async begin(): Promise<void> {
    if (this.isOpen) return;
    this.isOpen = true;
    await this.client.query("BEGIN");
  }
}

export const everything: EventFilter = {
  topic: "tabRefreshed",
  subjects: null,
  matches: () => true,
};

/** What somebody who follows has been told, as it comes. */
export class Ear {
  readonly heard: number[] = [];
  private readonly done: Promise<void>;
  private last = Infinity;

  constructor(private readonly following: EventSubscription) {
    this.done = this.listen();
  }

  /** Resolves when it has been told of this event. @returns all that it was told of */
  async until(last: number): Promise<readonly number[]> {
    this.last = last;
    if ((this.heard.at(-1) ?? 0) < last) await this.done;
    await this.following.events.return?.();
    return this.heard;
  }

  private async listen(): Promise<void> {
    for await (const { id } of this.following.events as AsyncIterable<LoggedEvent>) {
      this.heard.push(id);
      if (id >= this.last) return;
    }
  }
}
