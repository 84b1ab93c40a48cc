import { Counter, Registry } from "prom-client";
import { version } from "../../config/version.js";
import { LookedUp, processMetrics } from "./registry.js";
import { RequestMetrics } from "./request-metrics.js";
import { WorkMetrics } from "./work-metrics.js";
import { WorkersMetrics } from "./workers-metrics.js";

/** Of what the numbers are asked for when somebody reads them. */
export interface Watched {
  readonly pool: () => { readonly total: number; readonly idle: number; readonly waiting: number };
  readonly concurrency: { readonly inFlight: number };
  readonly sockets: { readonly count: number };
  readonly streams: { readonly count: number };
  readonly subscriptions: {
    readonly subscribers: { readonly now: number; readonly total: number };
    /** The state of the outbox reader; see EventHub.outboxState. */
    readonly outboxState: {
      readonly lastId: number;
      readonly lagMs: number;
      readonly isAtGap: boolean;
      readonly isListening: boolean;
    };
  };
}

/** What one gateway counts and measures, for Prometheus. */
export class Metrics {
  private readonly registry = new Registry();
  readonly requests = new RequestMetrics(this.registry);
  readonly work = new WorkMetrics(this.registry);

  private readonly workers = WorkersMetrics.of([this.registry, processMetrics()]);

  readonly contentType = this.registry.contentType;

  constructor() {
    const labels = { version, node_version: process.version };
    new Counter({
      name: "rollcall_build_info",
      help: "Which version runs, on which Node",
      labelNames: Object.keys(labels),
      registers: [this.registry],
      aggregator: "first",
    }).inc(labels);
  }

  /** Once, when all parts are there. */
  watch({ pool, concurrency, sockets, streams, subscriptions }: Watched): void {
    const lookedUp = new LookedUp(this.registry);
    lookedUp.gauges(
      "rollcall_database_connections",
      "Connections of the pool to Postgres",
      "state",
      () => {
        const { total, idle } = pool();
        return { idle, busy: total - idle };
      },
    );
    lookedUp.gauge(
      "rollcall_database_waiting",
      "Requests that wait for a connection of the pool",
      () => pool().waiting,
    );
    lookedUp.gauge(
      "rollcall_requests_in_flight",
      "Requests that are being worked on",
      () => concurrency.inFlight,
    );
    lookedUp.gauges("rollcall_live_connections", "What is open", "transport", () => ({
      web_socket: sockets.count,
      event_stream: streams.count,
    }));
    this.watchEvents(lookedUp, subscriptions);
  }

  /** The text that Prometheus reads. */
  async text(): Promise<string> {
    if (this.workers) return this.workers.text();
    const parts = await Promise.all([this.registry.metrics(), processMetrics().metrics()]);
    return parts.join("\n");
  }

  private watchEvents(lookedUp: LookedUp, subscriptions: Watched["subscriptions"]): void {
    lookedUp.gauge(
      "rollcall_subscriptions",
      "Subscriptions now",
      () => subscriptions.subscribers.now,
    );
    lookedUp.counter(
      "rollcall_subscriptions_started_total",
      "Subscriptions that ever began",
      () => subscriptions.subscribers.total,
    );
    lookedUp.gauge(
      "rollcall_outbox_last_id",
      "The last event of the outbox that was read; 0 before the first subscription",
      () => subscriptions.outboxState.lastId,
      "max",
    );
    lookedUp.gauge(
      "rollcall_outbox_lag_seconds",
      "How old the oldest event was that was read last, or for how long reading has failed",
      () => subscriptions.outboxState.lagMs / 1000,
      "max",
    );
    lookedUp.gauge(
      "rollcall_outbox_gap",
      "1 while an event is waited for whose successors are there already",
      () => Number(subscriptions.outboxState.isAtGap),
      "max",
    );
    lookedUp.gauge(
      "rollcall_doorbell_listening",
      "1 while other processes can wake this one; without it events are looked for five times a second",
      () => Number(subscriptions.outboxState.isListening),
    );
  }
}
