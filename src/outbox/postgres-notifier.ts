import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Logger } from "../observability/logging/logger.js";
import type { Reader } from "../database/reader.js";
import { destroyConnection } from "../database/inactivity-timeout.js";
import type { Notifier } from "./notifier.js";

const CHANNEL = "rollcall_events";
const RING_INTERVAL_MS = 10;
const RECONNECT_MS = 500;
const PROBE_INTERVAL_MS = 10_000;
const PROBE_TIMEOUT_MS = 5000;
const CLOSE_TIMEOUT_MS = 1000;

/**
 * NOTIFY in a statement of its own after the commit, at most a hundred times a second: inside the
 * writing transactions it would make their commits queue up. LISTEN on a connection of its own, which is
 * made anew whenever it is lost.
 *
 * @param url of the server itself: a pooler in transaction mode cannot LISTEN
 */
export class PostgresNotifier implements Notifier {
  private listener: Client | undefined;
  private onRing: () => void = () => undefined;
  private hasClosed = false;
  private isHeard = false;
  private ringing: NodeJS.Timeout | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
  private probing: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: string,
    private readonly reader: Reader,
    private readonly logger: Logger,
  ) {}

  readonly notify = (): void => {
    this.onRing();
    if (this.hasClosed) return;
    this.ringing ??= setTimeout(() => void this.tell(), RING_INTERVAL_MS);
  };

  readonly listen = (onRing: () => void): void => {
    this.onRing = onRing;
    void this.connect();
    this.probing = setInterval(() => void this.probe(), PROBE_INTERVAL_MS);
    this.probing.unref();
  };

  get isListening(): boolean {
    return this.isHeard;
  }

  readonly close = async (): Promise<void> => {
    this.hasClosed = true;
    this.isHeard = false;
    clearTimeout(this.reconnecting);
    clearInterval(this.probing);
    // A process that does one thing and ends is heard as well.
    if (this.ringing)
      await Promise.race([this.tell(), sleep(CLOSE_TIMEOUT_MS, null, { ref: false })]);
    const { listener } = this;
    if (!listener) return;
    // A server that cannot be reached does not answer a goodbye either.
    const cut = setTimeout(() => destroyConnection(listener), CLOSE_TIMEOUT_MS);
    await listener.end().catch(() => undefined);
    clearTimeout(cut);
  };

  private async tell(): Promise<void> {
    clearTimeout(this.ringing);
    this.ringing = undefined;
    await this.reader.query(`SELECT pg_notify('${CHANNEL}', '')`).catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: "rollcall doorbell",
      connectionTimeoutMillis: PROBE_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on("notification", () => this.onRing());
    client.on("error", () => undefined);
    client.once("end", () => this.reconnect(client));
    this.listener = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.isHeard = this.listener === client;
      // Whatever was rung while nobody listened.
      this.onRing();
    } catch (error) {
      if (this.hasClosed) return;
      this.logger.warn({ err: error }, "no doorbell; events are looked for meanwhile");
      this.drop(client);
    }
  }

  /** A connection that was cut without a word looks idle for ever. */
  private async probe(): Promise<void> {
    const client = this.listener;
    if (!client) return;
    const timeout = setTimeout(() => this.drop(client), PROBE_TIMEOUT_MS);
    await client.query("SELECT 1").catch(() => undefined);
    clearTimeout(timeout);
  }

  private drop(client: Client): void {
    this.reconnect(client);
    destroyConnection(client);
  }

  private reconnect(lost: Client): void {
    if (this.hasClosed || this.listener !== lost) return;
    this.listener = undefined;
    this.isHeard = false;
    this.reconnecting = setTimeout(() => void this.connect(), RECONNECT_MS);
  }
}
