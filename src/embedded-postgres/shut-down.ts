import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Cluster } from "./cluster.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import type { Postmaster } from "./postmaster-pid.js";
import { isServerOf } from "./process-state.js";
import { runProgram } from "./program.js";

const POLL_MS = 5;

/** Each way to stop, and how long it is given: fast (with a checkpoint), then at once (recovery at the next start). */
const ways = [
  { signal: "SIGINT", mode: "fast", patienceMs: 10_000 },
  { signal: "SIGQUIT", mode: "immediate", patienceMs: 10_000 },
] as const;

export async function shutDown(cluster: Cluster, { pid }: Postmaster): Promise<void> {
  for (const { signal, mode, patienceMs } of ways) {
    if (process.platform === "win32") {
      // Windows has no such signals; pg_ctl has a way of its own to send them.
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
    if (await isGone(pid, cluster, patienceMs)) return;
  }
  throw new EmbeddedPostgresError(
    `The embedded Postgres (process ${pid}) does not stop; see ${cluster.logFile}.`,
  );
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // ended by itself meanwhile
  }
}

async function isGone(pid: number, cluster: Cluster, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (isServerOf(pid, cluster.directory)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
