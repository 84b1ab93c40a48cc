import { percentile } from "./percentiles.js";
import type { Result } from "./race.js";
import type { Turn } from "./measure.js";

const median = (values: readonly number[]): number => percentile(values, 50);

/** Three digits that mean something. */
const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** The median, and between what it lay in all rounds. */
function spreadOf(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${short(median(values))} (${short(least)}–${short(most)})`;
}

/** Round by round: what disturbs one turn disturbs its neighbour as well. */
const ratios = (turns: readonly Turn[], base: readonly Turn[], of: (turn: Turn) => number) =>
  turns.map((turn, round) => of(turn) / of(base[round] as Turn));

const COLUMNS = [
  "server",
  "requests/s",
  "p50 ms",
  "p99 ms",
  "refused",
  "CPU of the server, µs",
  "CPU of Postgres, µs",
  "requests/s ÷ floor",
  "p99 ÷ floor",
  "CPU ÷ floor",
];

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

export function tableOf(results: readonly Result[]): string {
  const base = results.find(({ server }) => server.name === "floor")?.turns;
  const rows = results.map(({ server, turns }) => {
    const relative = (of: (turn: Turn) => number) =>
      base ? spreadOf(ratios(turns, base, of)) : "";
    const middle = (of: (turn: Turn) => number) => short(median(turns.map(of)));
    return line([
      server.name,
      middle((turn) => turn.requestsPerSecond),
      middle((turn) => turn.p50),
      middle((turn) => turn.p99),
      String(turns.reduce((sum, { failures }) => sum + failures, 0)),
      middle((turn) => turn.serverCpu),
      middle((turn) => turn.postgresCpu),
      relative((turn) => turn.requestsPerSecond),
      relative((turn) => turn.p99),
      relative((turn) => turn.serverCpu + turn.postgresCpu),
    ]);
  });
  return [line(COLUMNS), line(COLUMNS.map(() => "---")), ...rows].join("\n");
}

export function reportOf(results: readonly Result[]): string {
  const workloads = [...new Set(results.map(({ workload }) => workload))];
  return workloads
    .map((workload) => {
      const own = results.filter((result) => result.workload === workload);
      return `## ${workload.name}: ${workload.title}\n\n${tableOf(own)}\n`;
    })
    .join("\n");
}
