import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

/** How the values of several processes become one, where not by their sum. */
type Aggregator = "max" | "first";

/** Metrics of which somebody else knows the value: they are asked when the metrics are. */
export class LookedUp {
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

  /** Of things of several kinds. */
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

  /** @param read a number that never falls */
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

let ofProcess: Registry | undefined;

/** Processor time, memory, garbage collection and the event loop: once, however many gateways a process has. */
export function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}
