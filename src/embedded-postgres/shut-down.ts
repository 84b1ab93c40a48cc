import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Cluster } from "./cluster.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import type { Postmaster } from "./postmaster-pid.js";
import { isServerOf } from "./process-state.js";
import { runProgram } from "./program.js";

const POLL_MS = 5;

/**
 * The shutdown modes and their timeouts: fast (with a checkpoint), then immediate (recovery at the next
 * start).
 */
const modes = [
  { signal: "SIGINT", mode: "fast", timeoutMs: 10_000 },
  { signal: "SIGQUIT", mode: "immediate", timeoutMs: 10_000 },
] as const;

export async function shutDown(cluster: Cluster, { pid }: Postmaster): Promise<void> {
  for (const { signal, mode, timeoutMs } of modes) {
    if (process.platform === "win32") {
      // Windows has no such signals; pg_ctl has its own way to send them.
      const parameters = ["stop", "-W", "-m", mode, "-D", cluster.directory];
      await runProgram(
        join(cluster.binaries, "bin", "pg_ctl"),
        parameters,
        cluster.directory,
        undefined,
      );
    } else {
      sendSignal(pid, signal);
    }
    if (await isGone(pid, cluster, timeoutMs)) return;
  }
  throw new EmbeddedPostgresError(
    `The embedded Postgres (process ${pid}) does not stop; see ${cluster.logFile}.`,
  );
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has stopped meanwhile
  }
}

async function isGone(pid: number, cluster: Cluster, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isServerOf(pid, cluster.directory)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
