import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Cluster } from "./cluster.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { findPostmaster } from "./postmaster-pid.js";
import { cannotRun, programOptions } from "./program.js";
import { openServerLog } from "./server-log.js";

const POLL_MS = 5;

/**
 * Temporary failures: another server uses the cluster or is still stopping, or the free port was just taken.
 */
const temporaryFailures = [
  'lock file "postmaster.pid"',
  "pre-existing shared memory block",
  "could not create any TCP/IP sockets",
];

/**
 * Starts a server and waits until it accepts connections.
 *
 * @returns false when another server was first, so that the caller looks for it again
 */
export async function launch(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
  deadline: number,
): Promise<boolean> {
  const program = join(cluster.binaries, "bin", "postgres");
  const allSettings = { ...settings, ...fixedSettings, port: String(await freePort()) };
  const parameters = Object.entries(allSettings).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const log = openServerLog(cluster.logFile, cluster.user);
  try {
    const child = spawn(program, ["-D", cluster.directory, ...parameters], {
      ...programOptions(cluster.directory, cluster.user),
      stdio: ["ignore", log.descriptor, log.descriptor],
      // A process group of its own, so that Ctrl-C in the terminal does not stop the server before the gateway.
      detached: true,
    });
    child.unref();
    let failure: EmbeddedPostgresError | undefined;
    child.once("error", (error) => (failure = cannotRun(program, cluster.user, error)));

    while (Date.now() < deadline) {
      if (failure) throw failure;
      if (child.exitCode !== null || child.signalCode !== null) return wasSecond(log.tail());
      const postmaster = findPostmaster(cluster.directory);
      if (postmaster?.pid === child.pid && postmaster?.isReady) return true;
      await sleep(POLL_MS);
    }
    return false;
  } finally {
    log.close();
  }
}

const fixedSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  timezone: "UTC",
  log_timezone: "UTC",
};

function wasSecond(output: string): false {
  if (temporaryFailures.some((failure) => output.includes(failure))) return false;
  throw new EmbeddedPostgresError(
    `The embedded Postgres did not start. Its log says:\n${output}\n` +
      "Set ROLLCALL_DATA_DIR to another directory, or DATABASE_URL to a Postgres of your own.",
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
