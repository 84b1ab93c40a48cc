import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

/** How the values of several processes are combined; by default they are summed. */
type Aggregator = "max" | "first";

/** Metrics whose values are read when Prometheus collects them. */
export class ObservedMetrics {
  constructor(private readonly registry: Registry) {}

  gauge(name: string, help: string, read: () => number, aggregator?: Aggregator): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      ...(aggregator && { aggregator }),
      collect: () => gauge.set(read()),
    });
  }

  /** One gauge with a label and a value for each of its kinds. */
  gauges(name: string, help: string, label: string, read: () => Record<string, number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect: () => {
        for (const [kind, value] of Object.entries(read())) gauge.set({ [label]: kind }, value);
      },
    });
  }

  /** @param read returns a number that never decreases */
  counter(name: string, help: string, read: () => number): void {
    const counter: Counter = new Counter({
      name,
      help,
      registers: [this.registry],
      collect: () => {
        counter.reset();
        counter.inc(read());
      },
    });
  }
}

let processRegistry: Registry | undefined;

/**
 * CPU time, memory, garbage collection and event loop lag. One registry per process, however many gateways it
 * runs.
 */
export function processMetrics(): Registry {
  if (processRegistry) return processRegistry;
  processRegistry = new Registry();
  collectDefaultMetrics({ register: processRegistry });
  return processRegistry;
}
