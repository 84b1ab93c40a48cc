import { Counter, Histogram, type Registry } from "prom-client";

/** What a sweep looks for. */
export type Swept = "presences" | "reservations";

/** What a process does by itself: telling of what ran out, and writing heartbeats. */
export class WorkMetrics {
  private readonly sweeps: Histogram;
  private readonly lateness: Histogram;
  private readonly heartbeats: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ["of"];
    this.sweeps = new Histogram({
      name: "rollcall_sweep_duration_seconds",
      help: "How long it took to look for what ran out, and to tell of it",
      labelNames,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
    this.lateness = new Histogram({
      name: "rollcall_expiry_lateness_seconds",
      help: "How long after it ran out something was told of",
      labelNames,
      buckets: [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 60],
      registers,
    });
    this.heartbeats = new Counter({
      name: "rollcall_heartbeats_written_total",
      help: "Heartbeats that merely renewed a lease, as they were written",
      registers,
    });
  }

  /** @param sweep yields how late each was told, in milliseconds */
  async sweep(of: Swept, sweep: () => Promise<readonly number[]>): Promise<void> {
    const startedAt = performance.now();
    const lateness = await sweep();
    this.sweeps.observe({ of }, (performance.now() - startedAt) / 1000);
    for (const ms of lateness) this.lateness.observe({ of }, ms / 1000);
  }

  noteHeartbeats(count: number): void {
    this.heartbeats.inc(count);
  }
}
