import { Client, DatabaseError } from "pg";

import { destroyConnection } from "../database/inactivity-timeout.js";
import { SUPERUSER, type Cluster } from "./cluster.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";

/** For what takes no time: a server that does not answer by then is frozen, or its machine is. */
const ANSWER_TIMEOUT_MS = 5_000;

const LOCK = "7021995318"; // any number: the database `postgres` is ours, nobody else takes locks in it

/**
 * Every gateway holds one connection with a shared advisory lock for as long as it uses the server; who gets the
 * lock alone is the last one and may stop it. The kernel closes the connections of a killed process, so nothing
 * is left behind that would have to be cleaned up or guessed about.
 */
export interface Lease {
  /** From now on it does not keep the process alive. */
  readonly rest: () => void;
  /**
   * Gives the share back. True: nobody else uses the server, and until `end` nobody can begin to.
   *
   * @throws SilentServerError when the server says nothing; another error when the connection is broken
   */
  readonly giveBack: () => Promise<boolean>;
  readonly end: () => Promise<void>;
}

/**
 * Takes a share of the server, and makes the database if that is missing. Undefined: the server does not take us
 * now (it is starting, stopping or full, or died just then); try again.
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
  const socket = client as unknown as { ref: () => void; unref: () => void }; // missing in the types
  client.on("error", () => undefined); // told again by the next query
  const end = () => inTime(client, () => client.end()).catch(() => undefined);
  try {
    await client.connect();
    await client.query(`SELECT pg_advisory_lock_shared(${LOCK})`);
    if (database !== undefined) await ensureDatabase(client, database);
  } catch (error) {
    void end();
    if (isPassing(error)) return undefined;
    throw new EmbeddedPostgresError(
      `The database server in ${cluster.directory} refuses: ${(error as Error).message}. ` +
        "Set ROLLCALL_DATA_DIR to another directory, or DATABASE_URL to a Postgres of your own.",
      { cause: error },
    );
  }
  return {
    rest: () => socket.unref(),
    giveBack: () => {
      socket.ref();
      return inTime(client, async () => {
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

export class SilentServerError extends Error {
  override readonly name = "SilentServerError";
}

/** Cutting the connection ends whatever is waited for. */
async function inTime<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
  const silent = new SilentServerError("The server says nothing");
  const timer = setTimeout(() => destroyConnection(client, silent), ANSWER_TIMEOUT_MS);
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
    // Another process was faster: it had made it, or was just making it.
    if (!["42P04", "23505"].includes(codeOf(error) ?? "")) throw error;
  }
}

/** What is not said by the server itself is a failed connection; 08, 53, 55 and 57 are about its state, not about us. */
function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined || ["08", "53", "55", "57"].includes(code.slice(0, 2));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}
