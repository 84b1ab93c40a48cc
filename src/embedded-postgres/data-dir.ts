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
import { closedDirectory, makeReachable } from "./reachable-directory.js";
import { serverUserFor, type ServerUser } from "./server-user.js";

const CLUSTER = join("postgres", "cluster");

/**
 * Where the data of a checkout lives unless ROLLCALL_DATA_DIR says otherwise: in the checkout, or, where the
 * server cannot work there (root in /root, a read-only checkout), in the system's or the user's own place.
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

/** Makes the directory where it is missing, and its real path, once it is certain that the server can work there. */
export function prepareDataDir(dataDir: string): {
  directory: string;
  user: ServerUser | undefined;
} {
  const wanted = resolve(dataDir);
  try {
    makeReachable(wanted);
  } catch (error) {
    throw unusable(wanted, `it cannot be made (${(error as Error).message})`);
  }
  const directory = realpathSync(wanted);
  const user = serverUserFor(join(directory, CLUSTER));
  if (user) openIfFresh(directory);

  const closed = closedDirectory(directory, user);
  if (closed !== undefined)
    throw unusable(
      wanted,
      `Postgres cannot run as root and runs as ${user?.name}, who may not enter ${closed}`,
    );
  if (!isWritable(directory)) throw unusable(wanted, "it is not writable");
  if (existsSync(join(directory, "PG_VERSION")))
    throw unusable(wanted, "it is itself a Postgres cluster, not a directory that holds one");
  refuseForeignCluster(join(directory, CLUSTER), wanted);
  return { directory, user };
}

/** An empty directory that root hands us, such as one of mktemp, is ours to open; one in use is not. */
function openIfFresh(directory: string): void {
  const { uid, mode } = lstatSync(directory);
  if (uid === 0 && (mode & 0o001) === 0 && readdirSync(directory).length === 0)
    chmodSync(directory, 0o711);
}

function refuseForeignCluster(clusterDir: string, dataDir: string): void {
  const uid = process.getuid?.();
  if (uid === undefined || uid === 0) return;
  const cluster = lstatSync(clusterDir, { throwIfNoEntry: false });
  if (cluster && cluster.uid !== uid)
    throw unusable(dataDir, `the database in it belongs to another user (uid ${cluster.uid})`);
}

function unusable(dataDir: string, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The data directory ${dataDir} cannot be used: ${reason}. Set ROLLCALL_DATA_DIR to a directory that works ` +
      "(it is made when missing), or set DATABASE_URL to a Postgres of your own.",
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
