import { Counter, Registry } from "prom-client";
import { version } from "../../config/version.js";
import { ObservedMetrics, processMetrics } from "./registry.js";
import { RequestMetrics } from "./request-metrics.js";
import { WorkMetrics } from "./work-metrics.js";
import { WorkersMetrics } from "./workers-metrics.js";

/** The objects that are read when the metrics are collected. */
export interface MetricSources {
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

/** The metrics of one gateway, in the format of Prometheus. */
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
      help: "The version of Rollcall and of Node",
      labelNames: Object.keys(labels),
      registers: [this.registry],
      aggregator: "first",
    }).inc(labels);
  }

  /** Called once, when all parts exist. */
  observe({ pool, concurrency, sockets, streams, subscriptions }: MetricSources): void {
    const observed = new ObservedMetrics(this.registry);
    observed.gauges(
      "rollcall_database_connections",
      "Connections of the pool to Postgres, by state",
      "state",
      () => {
        const { total, idle } = pool();
        return { idle, busy: total - idle };
      },
    );
    observed.gauge(
      "rollcall_database_waiting",
      "Requests that wait for a connection of the pool",
      () => pool().waiting,
    );
    observed.gauge("rollcall_requests_in_flight", "Requests in flight", () => concurrency.inFlight);
    observed.gauges(
      "rollcall_live_connections",
      "Open connections for subscriptions, by transport",
      "transport",
      () => ({
        web_socket: sockets.count,
        event_stream: streams.count,
      }),
    );
    this.observeSubscriptions(observed, subscriptions);
  }

  /** The response body for Prometheus. */
  async text(): Promise<string> {
    if (this.workers) return this.workers.text();
    const parts = await Promise.all([this.registry.metrics(), processMetrics().metrics()]);
    return parts.join("\n");
  }

  private observeSubscriptions(
    observed: ObservedMetrics,
    subscriptions: MetricSources["subscriptions"],
  ): void {
    observed.gauge(
      "rollcall_subscriptions",
      "Active subscriptions",
      () => subscriptions.subscribers.now,
    );
    observed.counter(
      "rollcall_subscriptions_started_total",
      "Subscriptions started since the process began",
      () => subscriptions.subscribers.total,
    );
    observed.gauge(
      "rollcall_outbox_last_id",
      "Id of the last event read from the outbox; 0 before the first subscription",
      () => subscriptions.outboxState.lastId,
      "max",
    );
    observed.gauge(
      "rollcall_outbox_lag_seconds",
      "Age of the oldest event of the last read, or the time for which reading has failed",
      () => subscriptions.outboxState.lagMs / 1000,
      "max",
    );
    observed.gauge(
      "rollcall_outbox_gap",
      "1 while the reader waits for an event whose successors are already visible",
      () => Number(subscriptions.outboxState.isAtGap),
      "max",
    );
    observed.gauge(
      "rollcall_doorbell_listening",
      "1 while this process receives notifications of the others; otherwise it polls five times per second",
      () => Number(subscriptions.outboxState.isListening),
    );
  }
}
