import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ of Linux on all architectures. */
const TICKS_PER_SECOND = 100;

const toMicroseconds = (ticks: number): number => (ticks / TICKS_PER_SECOND) * 1_000_000;

interface Times {
  readonly parent: number;
  readonly own: number;
  /** Of its children that have ended. */
  readonly ofEnded: number;
}

/** @returns null when the process has ended */
function timesOf(pid: number): Times | null {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The name in parentheses may contain anything. After it: state, parent, …, user and system time of the process, and of its ended children.
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
  if (!times) throw new Error(`process ${pid} is not in /proc`);
  return times;
}

/** The processor time of a process and its children so far, in microseconds. Linux only. */
export function cpuTimeOf(pid: number): number {
  for (;;) {
    const { ofEnded } = existing(pid);
    const children = livingChildren(pid);
    const now = existing(pid);
    // A child that has ended meanwhile would count twice, or not at all.
    if (now.ofEnded !== ofEnded) continue;
    const ticks = children.reduce((sum, child) => sum + child.own + child.ofEnded, now.own);
    return toMicroseconds(ticks + ofEnded);
  }
}

/** The processor time of all processes of the machine so far, in microseconds. Linux only. */
export function busyTime(): number {
  const [total = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  // user, nice, system, idle, iowait, irq, softirq; steal is time of other machines.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = total
    .split(/ +/)
    .slice(1)
    .map(Number);
  return toMicroseconds(user + nice + system + irq + softirq);
}
