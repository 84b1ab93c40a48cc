import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  realpathSync,
} from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { closedDirectory, createReachable } from "./reachable-directory.js";
import { serverUserFor, type ServerUser } from "./server-user.js";

const CLUSTER = join("postgres", "cluster");

/**
 * The default data directory of a checkout: `.data` in the checkout, or, where the server cannot work there
 * (root in /root, a read-only checkout), a directory of the system or of the user.
 */
export function defaultDataDir(checkout: string): string {
  const inCheckout = join(resolve(checkout), ".data");
  const name = createHash("sha256").update(resolve(checkout)).digest("hex").slice(0, 12);
  if (process.getuid?.() === 0) {
    const user = serverUserFor(join(inCheckout, CLUSTER));
    return closedDirectory(inCheckout, user) === undefined
      ? inCheckout
      : join("/var/lib/rollcall", name);
  }
  if (isWritable(existsSync(inCheckout) ? inCheckout : checkout) || !isWritable(homedir()))
    return inCheckout;
  return join(homedir(), ".local", "state", "rollcall", name);
}

/**
 * Creates the directory if it is missing, checks that the server can work there, and returns its real path.
 *
 * @throws EmbeddedPostgresError when it cannot be used
 */
export function prepareDataDir(dataDir: string): {
  directory: string;
  user: ServerUser | undefined;
} {
  const requested = resolve(dataDir);
  try {
    createReachable(requested);
  } catch (error) {
    throw unusableError(requested, `it cannot be created (${(error as Error).message})`);
  }
  const directory = realpathSync(requested);
  const user = serverUserFor(join(directory, CLUSTER));
  if (user) openIfEmpty(directory);

  const closed = closedDirectory(directory, user);
  if (closed !== undefined)
    throw unusableError(
      requested,
      `Postgres cannot run as root and runs as ${user?.name}, which may not enter ${closed}`,
    );
  if (!isWritable(directory)) throw unusableError(requested, "it is not writable");
  if (existsSync(join(directory, "PG_VERSION")))
    throw unusableError(
      requested,
      "it is itself a Postgres cluster, not a directory that contains one",
    );
  refuseForeignCluster(join(directory, CLUSTER), requested);
  return { directory, user };
}

/** An empty directory of root, such as one created by mktemp, may be opened; one in use may not. */
function openIfEmpty(directory: string): void {
  const { uid, mode } = lstatSync(directory);
  if (uid === 0 && (mode & 0o001) === 0 && readdirSync(directory).length === 0)
    chmodSync(directory, 0o711);
}

function refuseForeignCluster(clusterDir: string, dataDir: string): void {
  const uid = process.getuid?.();
  if (uid === undefined || uid === 0) return;
  const cluster = lstatSync(clusterDir, { throwIfNoEntry: false });
  if (cluster && cluster.uid !== uid)
    throw unusableError(dataDir, `the database in it belongs to another user (uid ${cluster.uid})`);
}

function unusableError(dataDir: string, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The data directory ${dataDir} cannot be used: ${reason}. Set ROLLCALL_DATA_DIR to another directory ` +
      "(it is created when missing), or set DATABASE_URL to a Postgres of your own.",
  );
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
