import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";

/** Whether the process id is in use, even by a zombie: a process that has ended but was not reaped. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export function isAlive(pid: number): boolean {
  return isTaken(pid) && !isZombie(pid);
}

/** Without a proper init process, as in many containers, zombies stay for long. */
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
 * Whether the process is a server of this cluster. Being alive does not prove it: process ids are reused, in
 * containers after every restart. The working directory of a server is its cluster.
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
    return false; // it has ended, or belongs to another user
  }
}
