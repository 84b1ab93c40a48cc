import { setTimeout as sleep } from "node:timers/promises";

import type { Cluster } from "./cluster.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { launch } from "./launch.js";
import { UnresponsiveServerError, takeLease, type Lease } from "./lease.js";
import { findPostmaster } from "./postmaster-pid.js";
import { shutDown } from "./shut-down.js";

const START_TIMEOUT_MS = 120_000; // after a crash the server first replays its log
const RETRY_MS = 50;

export interface Server {
  readonly pid: number;
  readonly port: number;
  readonly lease: Lease;
}

/**
 * Joins the server that runs on the cluster, or starts one. A server may run because the node that started it
 * was killed, or because another gateway uses the same data directory: both share it, and the last one to
 * leave stops it. Of two servers that start concurrently, Postgres lets only one run; the other gateway joins
 * it.
 */
export async function joinServer(
  cluster: Cluster,
  database: string,
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Server> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let isStarted = false;
  while (Date.now() < deadline) {
    const postmaster = findPostmaster(cluster.directory);
    if (!postmaster) {
      isStarted = await launch(cluster, settings, deadline);
      if (isStarted) continue;
    } else if (postmaster.isReady) {
      const lease = await takeLease(cluster, postmaster.port, database);
      if (lease) {
        const verb = isStarted ? "Started" : "Joined the running";
        log(`${verb} Postgres on port ${postmaster.port}, log in ${cluster.logFile}`);
        return { ...postmaster, lease };
      }
    }
    await sleep(RETRY_MS);
  }
  throw new EmbeddedPostgresError(
    `The embedded Postgres accepts no connections. See ${cluster.logFile}; if it is still recovering, start ` +
      `Rollcall again later. If no Postgres runs there, remove ${cluster.directory}/postmaster.pid.`,
  );
}

/** Leaves the server, and stops it when no other process uses it. */
export async function leaveServer(cluster: Cluster, { pid, lease }: Server): Promise<void> {
  const leases = [lease];
  try {
    const postmaster = findPostmaster(cluster.directory);
    if (!postmaster) return;

    let isLast: boolean;
    try {
      isLast = await lease.release();
    } catch (error) {
      // Other gateways may use it, and a frozen server would receive the signal only later.
      if (error instanceof UnresponsiveServerError) throw unresponsiveError(cluster, pid, error);
      // The connection broke: the server crashed and restarted, by itself or by another gateway.
      const renewed = await takeLease(cluster, postmaster.port);
      if (renewed) leases.push(renewed);
      isLast = renewed ? await renewed.release() : postmaster.pid === pid;
    }
    if (isLast) await shutDown(cluster, postmaster);
  } finally {
    await Promise.all(leases.map(({ end }) => end()));
  }
}

const unresponsiveError = (
  { logFile }: Cluster,
  pid: number,
  cause: Error,
): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    `The embedded Postgres (process ${pid}) does not respond and is left running; see ${logFile}.`,
    { cause },
  );
