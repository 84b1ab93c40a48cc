import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";
import { unavailable } from "../../errors/domain-error.js";

const ANSWER_MS = 6000;

/** A worker's question to the primary, and the answer to it. */
interface Asked {
  readonly metricsAsked: number;
}
interface Answer {
  readonly metricsAnswered: number;
  /** Null: not all workers have answered. */
  readonly text: string | null;
}

/** In a worker: what all of them have counted, whichever of them is asked. Only the primary can put that together. */
export class WorkersMetrics {
  private asked = 0;

  /** @returns undefined in a process that serves alone */
  static of(registries: readonly Registry[]): WorkersMetrics | undefined {
    return cluster.isWorker ? new WorkersMetrics(registries) : undefined;
  }

  private constructor(registries: readonly Registry[]) {
    AggregatorRegistry.setRegistries([...registries]);
    // It listens for the primary's question.
    new AggregatorRegistry();
  }

  /** @throws SERVICE_UNAVAILABLE when one of them does not answer */
  text(): Promise<string> {
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve, reject) => {
      const end = (text: string | null) => {
        clearTimeout(late);
        process.off("message", listen);
        if (text === null) reject(unavailable());
        else resolve(text);
      };
      const late = setTimeout(end, ANSWER_MS, null);
      const listen = (message: Partial<Answer>) => {
        if (message.metricsAnswered === id) end(message.text ?? null);
      };
      process.on("message", listen);
      process.send?.({ metricsAsked: id } satisfies Asked);
    });
  }
}

/** In the primary: answers its workers. */
export class PrimaryMetrics {
  private readonly aggregator = new AggregatorRegistry();

  answer(worker: Worker): void {
    worker.on("message", ({ metricsAsked }: Partial<Asked>) => {
      if (metricsAsked === undefined) return;
      const send = (text: string | null) => {
        if (worker.isConnected())
          worker.send({ metricsAnswered: metricsAsked, text } satisfies Answer);
      };
      this.aggregator.clusterMetrics().then(send, () => send(null));
    });
  }
}
