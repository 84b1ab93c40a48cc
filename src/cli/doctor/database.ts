import { Client } from "pg";
import { backendPidOf } from "../../database/driver-internals.js";
import { readMigrationState } from "../../database/migration-state.js";
import { checkClock } from "./clock.js";
import { fault, type Finding, ok, warning } from "./finding.js";

const CONNECT_MS = 5000;
const VERSION_AT_LEAST = 140_000;

const FACTS = `
  SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
         current_setting('server_encoding') AS encoding, current_setting('max_connections')::int AS "maxConnections",
         pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool AS "isReadOnly",
         has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate",
         EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') AS "hasTrigrams",
         EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') AS "canHaveTrigrams",
         pg_backend_pid() AS pid, extract(epoch FROM clock_timestamp())::float8 AS clock`;

interface Facts {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
  readonly maxConnections: number;
  readonly isReadOnly: boolean;
  readonly mayCreate: boolean | null;
  readonly hasTrigrams: boolean;
  readonly canHaveTrigrams: boolean;
  readonly pid: number;
  readonly clock: number;
}

/** Checks an external Postgres server. Changes nothing there. */
export async function checkDatabase(
  url: string,
  poolMax: number,
  directUrl: string | undefined,
): Promise<Finding[]> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
    application_name: "rollcall doctor",
  });
  client.on("error", () => undefined);
  const startedAt = Date.now();
  try {
    await client.connect();
    const sentAt = Date.now();
    const { rows } = await client.query<Facts>(FACTS);
    const receivedAt = Date.now();
    const [facts] = rows;
    if (!facts) throw new Error("the query returned no row");
    const query = async (sql: string) => (await client.query(sql)).rows as unknown;
    return [
      ok("database", `Responded after ${receivedAt - startedAt} ms`),
      checkVersion(facts),
      checkPooler(facts, backendPidOf(client), directUrl),
      checkEncoding(facts),
      checkRights(facts),
      checkExtension(facts),
      checkConnections(facts, poolMax),
      checkClock(facts.clock - (sentAt + receivedAt) / 2000),
      await checkMigrations(query),
    ];
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return [
      fault(
        "database",
        `The database of DATABASE_URL cannot be used: ${message || code}`,
        "Check that the server runs, and the address, the password and the network",
      ),
    ];
  } finally {
    await client.end().catch(() => undefined);
  }
}

const checkVersion = ({ version, number }: Facts): Finding =>
  number >= VERSION_AT_LEAST
    ? ok("version", `PostgreSQL ${version}`)
    : fault("version", `PostgreSQL ${version} is too old`, "Use PostgreSQL 14 or later");

/** Postgres sends each client the id of its backend. A pooler in between sends its own number. */
function checkPooler({ pid }: Facts, announcedPid: number, directUrl: string | undefined): Finding {
  if (pid === announcedPid) return ok("pooler", "No pooler in between");
  const message = "A pooler such as PgBouncer is in between";
  if (directUrl !== undefined)
    return ok("pooler", `${message}, and DATABASE_DIRECT_URL bypasses it`);
  return warning(
    "pooler",
    message,
    "Set DATABASE_DIRECT_URL to the server's own address: LISTEN and locks need a connection of their own",
  );
}

const checkEncoding = ({ encoding }: Facts): Finding =>
  encoding === "UTF8"
    ? ok("encoding", encoding)
    : fault("encoding", `The database is ${encoding}`, "Create one with ENCODING 'UTF8'");

function checkRights({ isReadOnly, mayCreate }: Facts): Finding {
  if (isReadOnly) {
    const advice = "Use the address of the primary, or turn default_transaction_read_only off";
    return fault("rights", "The server is read-only: a standby, or configured so", advice);
  }
  if (mayCreate) return ok("rights", "This user can create tables");
  return fault(
    "rights",
    "This user cannot create tables",
    "Grant CREATE on the schema to this user",
  );
}

function checkExtension({ hasTrigrams, canHaveTrigrams }: Facts): Finding {
  if (hasTrigrams) return ok("extensions", "pg_trgm is installed");
  if (canHaveTrigrams) return ok("extensions", "pg_trgm is available; migrations install it");
  return fault("extensions", "pg_trgm is missing", "Install the server's contrib package");
}

const checkConnections = ({ maxConnections }: Facts, poolMax: number): Finding =>
  maxConnections >= 2 * poolMax
    ? ok("connections", `${maxConnections} at most, of which a process uses ${poolMax}`)
    : warning(
        "connections",
        `${maxConnections} at most, and one process uses up to ${poolMax}`,
        "Raise max_connections or lower DATABASE_POOL_MAX: a rolling restart runs two processes at a time",
      );

async function checkMigrations(query: (sql: string) => Promise<unknown>): Promise<Finding> {
  const { pending, unknown } = await readMigrationState(query);
  if (unknown.length > 0) {
    const message = `A newer version has run: ${unknown.length} migrations are unknown`;
    return warning("migrations", message, "Run that version, or restore a backup");
  }
  if (pending.length === 0) return ok("migrations", "All have run");
  const message = `${pending.length} have not run`;
  return warning("migrations", message, `Run "rollcall migrate"; "rollcall start" does it too`);
}
