import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";

/** Whether the number is in use, if only by a zombie: a dead process that nobody has waited for yet. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export function isAlive(pid: number): boolean {
  return isTaken(pid) && !isZombie(pid);
}

/** Where no proper init runs, as in many containers, zombies stay for long. */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8"); // 42 (name) Z 1 …
    return stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
  } catch {
    return false;
  }
}

/**
 * Whether the process is a server of this cluster. Being alive does not prove it: process ids are used again,
 * in containers after every restart. A server's working directory is its cluster.
 */
export function isServerOf(pid: number, clusterDir: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === "win32") return true;
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return stdout.includes(clusterDir);
  }
  try {
    const workingDirectory = statSync(`/proc/${pid}/cwd`);
    const cluster = statSync(clusterDir);
    return workingDirectory.ino === cluster.ino && workingDirectory.dev === cluster.dev;
  } catch {
    return false; // gone meanwhile, or somebody else's
  }
}
