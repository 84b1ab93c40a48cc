import { readdirSync, readFileSync } from "node:fs";

/** How Linux counts, whatever the machine. */
const TICKS_PER_SECOND = 100;

interface Times {
  readonly parent: number;
  readonly own: number;
  /** Of its children that have ended. */
  readonly ofEnded: number;
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
  const [user = 0, kernel = 0, endedUser = 0, endedKernel = 0] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), own: user + kernel, ofEnded: endedUser + endedKernel };
}

function livingChildren(pid: number): readonly Times[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => timesOf(Number(entry)) ?? [])
    .filter(({ parent }) => parent === pid);
}

function existing(pid: number): Times {
  const times = timesOf(pid);
  if (!times) throw new Error(`/proc tells nothing about the process ${pid}`);
  return times;
}

/** The processor time, in microseconds, that a process and its children have taken so far. Linux only. */
export function cpuTimeOf(pid: number): number {
  for (;;) {
    const { ofEnded } = existing(pid);
    const children = livingChildren(pid);
    const now = existing(pid);
    // A child that has ended in between would be counted twice, or not at all.
    if (now.ofEnded !== ofEnded) continue;
    const ticks = children.reduce((sum, child) => sum + child.own + child.ofEnded, now.own);
    return ((ticks + ofEnded) / TICKS_PER_SECOND) * 1_000_000;
  }
}
