import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { destroyConnection } from "../database/connections/inactivity-timeout.js";
import type { Reader } from "../database/reader.js";
import type { Logger } from "../observability/logging/logger.js";

/** Makes processes read the outbox early. Notifications may get lost: every process also polls. */
export interface Notifier {
  /** To be called after a commit that wrote events. Calls within a short time are coalesced. */
  readonly notify: () => void;
  /** Starts to listen for notifications of all processes, this one included. */
  readonly listen: (onNotification: () => void) => void;
  /** Whether notifications of other processes are currently received. */
  readonly isListening: boolean;
  readonly close: () => Promise<void>;
}

const CHANNEL = "rollcall_events";
const NOTIFY_INTERVAL_MS = 10;
const RECONNECT_MS = 500;
const PROBE_INTERVAL_MS = 10_000;
const PROBE_TIMEOUT_MS = 5000;
const CLOSE_TIMEOUT_MS = 1000;

/**
 * LISTEN and NOTIFY. NOTIFY is a statement of its own after the commit, at most a hundred times a second:
 * in the writing transactions it would serialise their commits. LISTEN has a connection of its own, which
 * is replaced when it is lost.
 *
 * @param url of the server itself: a pooler in transaction mode cannot LISTEN
 */
export class PostgresNotifier implements Notifier {
  private client: Client | undefined;
  private onNotification: () => void = () => undefined;
  private hasClosed = false;
  private isConnected = false;
  private sendTimer: NodeJS.Timeout | undefined;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private probeTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: string,
    private readonly reader: Reader,
    private readonly logger: Logger,
  ) {}

  readonly notify = (): void => {
    this.onNotification();
    if (this.hasClosed) return;
    this.sendTimer ??= setTimeout(() => void this.send(), NOTIFY_INTERVAL_MS);
  };

  readonly listen = (onNotification: () => void): void => {
    this.onNotification = onNotification;
    void this.connect();
    this.probeTimer = setInterval(() => void this.probe(), PROBE_INTERVAL_MS);
    this.probeTimer.unref();
  };

  get isListening(): boolean {
    return this.isConnected;
  }

  readonly close = async (): Promise<void> => {
    this.hasClosed = true;
    this.isConnected = false;
    clearTimeout(this.reconnectTimer);
    clearInterval(this.probeTimer);
    // A command that makes one change closes before the timer fires.
    if (this.sendTimer)
      await Promise.race([this.send(), sleep(CLOSE_TIMEOUT_MS, null, { ref: false })]);
    const { client } = this;
    if (!client) return;
    // A server that cannot be reached does not respond to the end either.
    const timeout = setTimeout(() => destroyConnection(client), CLOSE_TIMEOUT_MS);
    await client.end().catch(() => undefined);
    clearTimeout(timeout);
  };

  private async send(): Promise<void> {
    clearTimeout(this.sendTimer);
    this.sendTimer = undefined;
    await this.reader.query(`SELECT pg_notify('${CHANNEL}', '')`).catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: "rollcall doorbell",
      connectionTimeoutMillis: PROBE_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on("notification", () => this.onNotification());
    client.on("error", () => undefined);
    client.once("end", () => this.reconnect(client));
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.isConnected = this.client === client;
      // Notifications were lost while there was no connection.
      this.onNotification();
    } catch (error) {
      if (this.hasClosed) return;
      this.logger.warn({ err: error }, "cannot listen for notifications; the outbox is polled");
      this.drop(client);
    }
  }

  /** A connection that was lost without a TCP reset looks idle, so a query has to detect it. */
  private async probe(): Promise<void> {
    const { client } = this;
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
    if (this.hasClosed || this.client !== lost) return;
    this.client = undefined;
    this.isConnected = false;
    this.reconnectTimer = setTimeout(() => void this.connect(), RECONNECT_MS);
  }
}
