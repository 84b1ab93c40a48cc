import { Client } from "pg";
import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { EventHub, type EventSubscription } from "../../src/outbox/hub.js";
import { EventLog } from "../../src/outbox/log.js";
import type { EventFilter } from "../../src/outbox/event.js";
import { PostgresNotifier } from "../../src/outbox/notifier.js";
import { createLogger } from "../../src/observability/logging/logger.js";
import { Reader } from "../../src/database/reader.js";
import { createWorkerDatabase } from "../support/database.js";

/** Counts the completed queries for the transactions that are writing. */
export class CountingLog extends EventLog {
  writerQueries = 0;

  override async writers(): Promise<Set<string>> {
    const writers = await super.writers();
    this.writerQueries++;
    return writers;
  }
}

/** The outbox of a database of its own, with hubs that read it and connections that write to it. */
export class OutboxFixture {
  private readonly opened: { close: () => Promise<unknown> }[] = [];
  private readonly notifier: PostgresNotifier;
  readonly log: CountingLog;

  private constructor(
    private readonly url: string,
    private readonly dataSource: DataSource,
  ) {
    const reader = new Reader(dataSource, { waitMs: 1000, stallTimeoutMs: 1000 });
    this.log = new CountingLog(reader);
    this.notifier = new PostgresNotifier(url, reader, createLogger("error"));
  }

  static async open(): Promise<OutboxFixture> {
    const url = await createWorkerDatabase();
    const dataSource = createDataSource({ url, poolMax: 5, statementTimeoutMs: 10_000 });
    return new OutboxFixture(url, await dataSource.initialize());
  }

  /** A hub as another process has it. */
  hub(log?: EventLog): EventHub {
    const logger = createLogger("error");
    const reader = new Reader(this.dataSource, { waitMs: 1000, stallTimeoutMs: 1000 });
    const notifier = new PostgresNotifier(this.url, reader, logger);
    const hub = new EventHub(log ?? new EventLog(reader), notifier, 10_000, logger);
    this.opened.push(hub);
    return hub;
  }

  /** A connection that writes events in transactions, as changes do. */
  async writer(): Promise<Writer> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    this.opened.push({ close: () => client.end() });
    return new Writer(client, () => this.notifier.notify());
  }

  /** The ids of all committed events above an id. */
  async idsAfter(id: number): Promise<number[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM events WHERE id > $1 ORDER BY id`,
      [id],
    );
    return rows.map((row) => Number(row.id));
  }

  /** Prunes all events, as if their retention time were over. */
  async pruneAll(): Promise<void> {
    await this.dataSource.query(`UPDATE events SET created_at = now() - interval '2 hours'`);
    await this.log.prune(1, 100_000);
  }

  async close(): Promise<void> {
    for (const open of this.opened) await open.close();
    await this.notifier.close();
    await this.dataSource.destroy();
  }
}

let written = 0;

export class Writer {
  private isOpen = false;

  constructor(
    private readonly client: Client,
    private readonly notify: () => void,
  ) {}

  /** Writes in the open transaction, or begins one. @returns the ids */
  async write(count = 1): Promise<number[]> {
    await this.begin();
    written += count;
    // Each event has a subject of its own, so that none replaces another in a queue.
    const { rows } = await this.client.query<{ id: string }>(
      `INSERT INTO events (topic, subject, payload)
       SELECT 'tabRefreshed', 'tab_' || n, '{}' FROM generate_series($1::int, $2::int) n RETURNING id`,
      [written - count + 1, written],
    );
    return rows.map(({ id }) => Number(id));
  }

  /** Assigns ids that never become visible, without ending the transaction. */
  async writeAndRollBack(): Promise<void> {
    await this.begin();
    await this.client.query("SAVEPOINT before_write");
    await this.write();
    await this.client.query("ROLLBACK TO SAVEPOINT before_write");
  }

  async end(how: "COMMIT" | "ROLLBACK"): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.client.query(how);
    this.notify();
  }

  private async begin(): Promise<void> {
    if (this.isOpen) return;
    this.isOpen = true;
    await this.client.query("BEGIN");
  }
}

export const allEvents: EventFilter = {
  topic: "tabRefreshed",
  subjects: null,
  matches: () => true,
};

/** Collects the ids of the events of a subscription. */
export class EventCollector {
  readonly ids: number[] = [];
  private readonly done: Promise<void>;
  private last = Infinity;

  constructor(private readonly subscription: EventSubscription) {
    this.done = this.collect();
  }

  /** Resolves when the event with this id was received. @returns all ids, in the order of their receipt */
  async until(last: number): Promise<readonly number[]> {
    this.last = last;
    if ((this.ids.at(-1) ?? 0) < last) await this.done;
    this.subscription.events.end();
    return this.ids;
  }

  private async collect(): Promise<void> {
    for (;;) {
      const event = await this.subscription.events.next();
      if (!event) return;
      this.ids.push(event.id);
      if (event.id >= this.last) return;
    }
  }
}
