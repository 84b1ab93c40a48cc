import { Client, DatabaseError } from "pg";

import { keepProcessAlive } from "../database/driver-internals.js";
import { destroyConnection } from "../database/connections/inactivity-timeout.js";
import { SUPERUSER, type Cluster } from "./cluster.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";

/** The timeout of a query that takes no time: without a response the server or its machine is frozen. */
const RESPONSE_TIMEOUT_MS = 5_000;

const LOCK = "7021995318"; // arbitrary: the database `postgres` is ours, and no other program locks in it

/**
 * While a gateway uses the server, it holds one connection with a shared advisory lock. A gateway that gets
 * the lock exclusively is the last one and may stop the server. The kernel closes the connections of a killed
 * process, so its lease ends without a cleanup.
 */
export interface Lease {
  /** Stops the connection from keeping the process alive. */
  readonly unref: () => void;
  /**
   * Releases the share.
   *
   * @returns true when no other process uses the server; until `end` none can begin to
   * @throws UnresponsiveServerError without a response; another error when the connection is broken
   */
  readonly release: () => Promise<boolean>;
  readonly end: () => Promise<void>;
}

/**
 * Takes a share of the server, and creates the database if it is missing.
 *
 * @returns undefined when the server does not accept the connection now (it is starting, stopping or full, or
 * has just crashed); the caller tries again
 */
export async function takeLease(
  cluster: Cluster,
  port: number,
  database?: string,
): Promise<Lease | undefined> {
  const client = new Client({
    connectionString: serverUrl(cluster, port, "postgres"),
    application_name: "rollcall lease",
    connectionTimeoutMillis: 5_000,
    ssl: false,
    options: "-c statement_timeout=0 -c idle_session_timeout=0 -c lock_timeout=5s",
  });
  client.on("error", () => undefined); // the next query reports it
  const end = () => withTimeout(client, () => client.end()).catch(() => undefined);
  try {
    await client.connect();
    await client.query(`SELECT pg_advisory_lock_shared(${LOCK})`);
    if (database !== undefined) await ensureDatabase(client, database);
  } catch (error) {
    void end();
    if (isTemporary(error)) return undefined;
    throw new EmbeddedPostgresError(
      `The database server in ${cluster.directory} refuses the connection: ${(error as Error).message}. ` +
        "Set ROLLCALL_DATA_DIR to another directory, or DATABASE_URL to a Postgres of your own.",
      { cause: error },
    );
  }
  return {
    unref: () => keepProcessAlive(client, false),
    release: () => {
      keepProcessAlive(client, true);
      return withTimeout(client, async () => {
        await client.query(`SELECT pg_advisory_unlock_shared(${LOCK})`);
        const { rows } = await client.query<{ alone: boolean }>(
          `SELECT pg_try_advisory_lock(${LOCK}) AS alone`,
        );
        return rows[0]?.alone === true;
      });
    },
    end,
  };
}

export class UnresponsiveServerError extends Error {
  override readonly name = "UnresponsiveServerError";
}

/** Closes the connection at the timeout, which fails pending queries. */
async function withTimeout<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
  const unresponsive = new UnresponsiveServerError("The server does not respond");
  const timer = setTimeout(() => destroyConnection(client, unresponsive), RESPONSE_TIMEOUT_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

export function serverUrl(cluster: Cluster, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

async function ensureDatabase(client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
  if (rowCount) return;
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Another process has created it, or is creating it now.
    if (!["42P04", "23505"].includes(codeOf(error) ?? "")) throw error;
  }
}

/**
 * An error without an SQLSTATE is a failed connection; the classes 08, 53, 55 and 57 are about the state of
 * the server.
 */
function isTemporary(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined || ["08", "53", "55", "57"].includes(code.slice(0, 2));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}
