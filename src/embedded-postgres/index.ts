/**
 * The Postgres server of `npm start`, from an npm package: finds the binaries, creates the cluster, starts,
 * shares and stops the server. Imports errors and database only.
 */

import { locateBinaries } from "./binaries.js";
import { openCluster } from "./cluster.js";
import { prepareDataDir } from "./data-dir.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { serverUrl } from "./lease.js";
import { joinServer, leaveServer } from "./server.js";

export { defaultDataDir } from "./data-dir.js";
export { EmbeddedPostgresError } from "./embedded-postgres-error.js";

export interface EmbeddedPostgresOptions {
  /** Created if missing. Contains `postgres/` with the cluster, its password and the server's log. */
  readonly dataDir: string;
  /** Created if missing. */
  readonly database: string;
  /** Server settings as in postgresql.conf; they apply when this call starts the server. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** Stops the server, unless another process still uses it. Further calls return the same promise. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL from the npm package of this platform, or joins the server that already runs on the data
 * directory (see server.ts). The server is a separate process and survives a killed node; the next start
 * joins it.
 *
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  try {
    return await start(options);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `The embedded Postgres cannot start with the data directory ${options.dataDir}: ${(error as Error).message}. ` +
        "Set ROLLCALL_DATA_DIR to another directory, or DATABASE_URL to a Postgres of your own.",
      { cause: error },
    );
  }
}

async function start({
  dataDir,
  database,
  settings = {},
  log = () => undefined,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, user } = prepareDataDir(dataDir);
  const binaries = await locateBinaries(user);
  const isDurable = settings["fsync"] !== "off";
  const cluster = await openCluster(directory, { binaries, user, isDurable }, log);
  const server = await joinServer(cluster, database, settings, log);
  server.lease.unref();

  let stopped: Promise<void> | undefined;
  return {
    url: serverUrl(cluster, server.port, database),
    stop: () => (stopped ??= leaveServer(cluster, server)),
  };
}
