import { cpus, loadavg, release, totalmem, type } from "node:os";
import type { BenchData } from "./data.js";
import type { BenchOptions } from "./options.js";

const GIBIBYTE = 1024 ** 3;

/** What the figures depend on. */
export function circumstances(data: BenchData, { rounds, seconds }: BenchOptions): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / GIBIBYTE);
  const load = loadavg()[2]?.toFixed(1);
  return [
    `- ${new Date().toISOString().slice(0, 10)}, ${type()} ${release()}, ${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB`,
    `- Node ${process.versions.node}, PostgreSQL ${data.version}, the load driver on the same machine`,
    `- ${rounds} rounds of ${seconds} s after a longer one that does not count; in each round all have a turn, one after the other`,
    `- in the last quarter of an hour ${load} processes wanted to run: far above ${cpus().length}, waiting times and requests per second say little`,
  ].join("\n");
}
