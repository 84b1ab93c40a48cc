import { readdirSync, readFileSync } from "node:fs";

/** How Linux counts, whatever the machine. */
const TICKS_PER_SECOND = 100;

interface Times {
  readonly parent: number;
  readonly ticks: number;
}

/** Null when there is no such process any more. */
function timesOf(pid: number): Times | null {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The name in parentheses may hold anything. Behind it: state, parent, …, user and system time, of itself and of the children that have ended.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), ticks };
}

/** The processor time, in microseconds, that a process and its children have taken so far. Linux only. */
export function cpuTimeOf(pid: number): number {
  const own = timesOf(pid);
  if (!own) throw new Error(`/proc tells nothing about the process ${pid}`);
  const children = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => timesOf(Number(entry)))
    .filter((times) => times?.parent === pid);
  const ticks = children.reduce((sum, times) => sum + (times?.ticks ?? 0), own.ticks);
  return (ticks / TICKS_PER_SECOND) * 1_000_000;
}
