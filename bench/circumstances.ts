import { cpus, loadavg, release, totalmem, type } from "node:os";
import type { BenchData } from "./data.js";
import type { BenchOptions } from "./options.js";

const GIBIBYTE = 1024 ** 3;

/** What the figures depend on, as a list. */
export function circumstances(data: BenchData, { rounds, seconds }: BenchOptions): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / GIBIBYTE);
  const load = loadavg()
    .map((average) => average.toFixed(1))
    .join(", ");
  return [
    `- ${new Date().toISOString().slice(0, 10)}, ${type()} ${release()}, ${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB`,
    `- Node ${process.versions.node}, PostgreSQL ${data.version}, the load driver on the same machine`,
    `- ${rounds} rounds of ${seconds} s after a longer warm-up round; in each round all servers are measured, one after the other`,
    `- load averages at the end: ${load}; "processors of others" is what processes outside the benchmark used meanwhile. Of ${cpus().length} processors; far above 0, latencies and requests per second say little, and processor times less`,
  ].join("\n");
}
