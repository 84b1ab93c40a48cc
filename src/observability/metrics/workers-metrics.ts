import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";
import { unavailable } from "../../errors/domain-error.js";

const TIMEOUT_MS = 6000;

/** A worker's request to the primary, and the response to it. */
interface MetricsRequest {
  readonly metricsRequestId: number;
}
interface MetricsResponse {
  readonly metricsResponseId: number;
  /** Null: not all workers have responded. */
  readonly text: string | null;
}

/** In a worker: the metrics of all workers. Only the primary can combine them. */
export class WorkersMetrics {
  private lastRequestId = 0;

  /** @returns undefined in a process without workers */
  static of(registries: readonly Registry[]): WorkersMetrics | undefined {
    return cluster.isWorker ? new WorkersMetrics(registries) : undefined;
  }

  private constructor(registries: readonly Registry[]) {
    AggregatorRegistry.setRegistries([...registries]);
    // Its constructor listens for the primary's request.
    new AggregatorRegistry();
  }

  /** @throws SERVICE_UNAVAILABLE when a worker does not respond */
  text(): Promise<string> {
    this.lastRequestId += 1;
    const id = this.lastRequestId;
    return new Promise((resolve, reject) => {
      const end = (text: string | null) => {
        clearTimeout(timeout);
        process.off("message", listen);
        if (text === null) reject(unavailable());
        else resolve(text);
      };
      const timeout = setTimeout(end, TIMEOUT_MS, null);
      const listen = (message: Partial<MetricsResponse>) => {
        if (message.metricsResponseId === id) end(message.text ?? null);
      };
      process.on("message", listen);
      process.send?.({ metricsRequestId: id } satisfies MetricsRequest);
    });
  }
}

/** In the primary: responds to its workers. */
export class PrimaryMetrics {
  private readonly aggregator = new AggregatorRegistry();

  serve(worker: Worker): void {
    worker.on("message", ({ metricsRequestId }: Partial<MetricsRequest>) => {
      if (metricsRequestId === undefined) return;
      const send = (text: string | null) => {
        if (worker.isConnected())
          worker.send({ metricsResponseId: metricsRequestId, text } satisfies MetricsResponse);
      };
      this.aggregator.clusterMetrics().then(send, () => send(null));
    });
  }
}
