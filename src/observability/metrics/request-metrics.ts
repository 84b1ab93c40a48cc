import { Counter, Histogram, type Registry } from "prom-client";
import type { Endpoint } from "../../domain/endpoint.js";
import type { RequestContext } from "../request-context.js";

const BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20,
];

type Observe = (seconds: number) => void;

/**
 * Requests by operation and result. The labels come from the schema and the routes, so their number is
 * limited.
 */
export class RequestMetrics {
  private readonly durations: Histogram;
  private readonly refusals: Counter;
  private readonly responses: Counter;
  /** Labelled observers, built once per endpoint. */
  private readonly observers = new WeakMap<Endpoint, Observe>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.durations = new Histogram({
      name: "rollcall_request_duration_seconds",
      help: "Duration of requests, by door and by operation or route",
      labelNames: ["door", "kind", "operation"],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    this.refusals = new Counter({
      name: "rollcall_refusals_total",
      help: "Requests that were refused or failed, by door and code",
      labelNames: ["door", "code"],
      registers,
    });
    this.responses = new Counter({
      name: "rollcall_responses_total",
      help: "Responses of all paths by HTTP status; none: the client disconnected before",
      labelNames: ["status"],
      registers,
    });
  }

  /** @param status null when the client disconnected before the response began */
  record({ endpoint, code, startedAt }: RequestContext, status: number | null): void {
    this.responses.inc({ status: status ?? "none" });
    if (!endpoint) return;
    if (code !== null) this.refusals.inc({ door: endpoint.door, code });
    // The duration of a subscription depends on its client, so it is not measured.
    if (endpoint.kind === "subscription") return;
    const observe = this.observers.get(endpoint) ?? this.observerOf(endpoint);
    observe((performance.now() - startedAt) / 1000);
  }

  private observerOf(endpoint: Endpoint): Observe {
    const { door, kind, name } = endpoint;
    const observed = this.durations.labels(door, kind, name);
    const observe = (seconds: number) => observed.observe(seconds);
    this.observers.set(endpoint, observe);
    return observe;
  }
}
