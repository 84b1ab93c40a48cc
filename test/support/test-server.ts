import { rmSync } from "node:fs";

import { startEmbeddedPostgres } from "../../src/embedded-postgres/index.js";
import { makeTempDir, removeAbandonedTempDirs } from "./temp-dir.js";

let stop: (() => Promise<void>) | undefined;

/** The one Postgres of a test run, in a directory of its own. It is fast instead of durable: its data is temporary. */
export async function startTestServer(): Promise<string> {
  await removeAbandonedTempDirs();
  const dataDir = makeTempDir();
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({
      dataDir,
      database: "postgres",
      settings: {
        fsync: "off",
        synchronous_commit: "off",
        full_page_writes: "off",
        autovacuum: "off", // else it may hold the template just when a worker clones it
        max_connections: "200",
      },
    });
    stop = () => server.stop().finally(remove);
    return server.url;
  } catch (error) {
    remove();
    throw error;
  }
}

export async function stopTestServer(): Promise<void> {
  await stop?.();
  stop = undefined;
}
