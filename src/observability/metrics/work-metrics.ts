import { Counter, Histogram, type Registry } from "prom-client";

/** The rows that a sweep expires. */
export type Swept = "presences" | "reservations";

/** The background work of a process: sweeps of expired rows, and heartbeat writes. */
export class WorkMetrics {
  private readonly sweeps: Histogram;
  private readonly lateness: Histogram;
  private readonly heartbeats: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ["of"];
    this.sweeps = new Histogram({
      name: "rollcall_sweep_duration_seconds",
      help: "Duration of a sweep: finding expired rows and publishing their events",
      labelNames,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
    this.lateness = new Histogram({
      name: "rollcall_expiry_lateness_seconds",
      help: "Time between the expiry of a row and its event",
      labelNames,
      buckets: [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 60],
      registers,
    });
    this.heartbeats = new Counter({
      name: "rollcall_heartbeats_written_total",
      help: "Heartbeats written that only renewed a lease",
      registers,
    });
  }

  /** @param sweep resolves with the lateness of each expired row, in milliseconds */
  async sweep(of: Swept, sweep: () => Promise<readonly number[]>): Promise<void> {
    const startedAt = performance.now();
    const lateness = await sweep();
    this.sweeps.observe({ of }, (performance.now() - startedAt) / 1000);
    for (const ms of lateness) this.lateness.observe({ of }, ms / 1000);
  }

  recordHeartbeats(count: number): void {
    this.heartbeats.inc(count);
  }
}
