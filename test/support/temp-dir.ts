import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { findPostmaster } from "../../src/embedded-postgres/postmaster-pid.js";
import { isAlive } from "../../src/embedded-postgres/process-state.js";
import { closedDirectory } from "../../src/embedded-postgres/reachable-directory.js";
import { serverUserFor } from "../../src/embedded-postgres/server-user.js";

const PREFIX = "rollcall-test-";

/** A new directory that a Postgres can access: TMPDIR may lie below root's private home. */
export function makeTempDir(): string {
  return mkdtempSync(join(tempRoot(), `${PREFIX}${process.pid}-`));
}

/** Removes the directories of killed test runs, and stops the servers that still run there. */
export async function removeAbandonedTempDirs(): Promise<void> {
  for (const name of readdirSync(tempRoot())) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(tempRoot(), name);
    const isOurs = lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.();
    if (!isOurs || isAlive(Number.parseInt(name.slice(PREFIX.length), 10))) continue;

    const clusterDir = join(path, "postgres", "cluster");
    for (let server; (server = findPostmaster(clusterDir)); await sleep(20))
      process.kill(server.pid, "SIGQUIT");
    rmSync(path, { recursive: true, force: true });
  }
}

function tempRoot(): string {
  const places = [tmpdir(), "/tmp", "/var/tmp"];
  const user = serverUserFor();
  return places.find((place) => closedDirectory(place, user) === undefined) ?? tmpdir();
}
