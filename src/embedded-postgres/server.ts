import { setTimeout as sleep } from "node:timers/promises";

import type { Cluster } from "./cluster.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { launch } from "./launch.js";
import { SilentServerError, takeLease, type Lease } from "./lease.js";
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
 * Joins the server that runs on the cluster, or starts one. A server may be there because the node that started
 * it was killed, or because another gateway uses the same data directory: both share it, and the last to leave
 * stops it. Postgres itself sees to it that of two servers started at once only one survives; who loses joins.
 */
export async function joinServer(
  cluster: Cluster,
  database: string,
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Server> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let isOurs = false;
  while (Date.now() < deadline) {
    const postmaster = findPostmaster(cluster.directory);
    if (!postmaster) {
      isOurs = await launch(cluster, settings, deadline);
      if (isOurs) continue;
    } else if (postmaster.isReady) {
      const lease = await takeLease(cluster, postmaster.port, database);
      if (lease) {
        const verb = isOurs ? "Started" : "Joined the running";
        log(`${verb} Postgres on port ${postmaster.port}, log in ${cluster.logFile}`);
        return { ...postmaster, lease };
      }
    }
    await sleep(RETRY_MS);
  }
  throw new EmbeddedPostgresError(
    `The embedded Postgres takes no connections. Look at ${cluster.logFile}; if it is still recovering, start ` +
      `Rollcall again later. If no Postgres runs there, remove ${cluster.directory}/postmaster.pid.`,
  );
}

/** Leaves the server, and stops it when nobody else uses it. */
export async function leaveServer(cluster: Cluster, { pid, lease }: Server): Promise<void> {
  const leases = [lease];
  try {
    const postmaster = findPostmaster(cluster.directory);
    if (!postmaster) return;

    let isLast: boolean;
    try {
      isLast = await lease.giveBack();
    } catch (error) {
      // Others may use it, and whatever it is told now it will only hear when it goes on.
      if (error instanceof SilentServerError) throw isSilent(cluster, pid, error);
      // The connection broke meanwhile: the server crashed and came back, by itself or by another gateway.
      const renewed = await takeLease(cluster, postmaster.port);
      if (renewed) leases.push(renewed);
      isLast = renewed ? await renewed.giveBack() : postmaster.pid === pid;
    }
    if (isLast) await shutDown(cluster, postmaster);
  } finally {
    await Promise.all(leases.map(({ end }) => end()));
  }
}

const isSilent = ({ logFile }: Cluster, pid: number, cause: Error): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    `The embedded Postgres (process ${pid}) says nothing and is left as it is; see ${logFile}.`,
    { cause },
  );
