import { Client } from "pg";
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

/** Looks at an operator's own server, and changes nothing there. */
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
    const askedAt = Date.now();
    const { rows } = await client.query<Facts>(FACTS);
    const answeredAt = Date.now();
    const [facts] = rows;
    if (!facts) throw new Error("it answers nothing");
    const query = async (sql: string) => (await client.query(sql)).rows as unknown;
    return [
      ok("database", `It answers, ${answeredAt - startedAt} ms after it was called`),
      checkVersion(facts),
      checkPooler(facts, (client as unknown as { processID: number }).processID, directUrl),
      checkEncoding(facts),
      checkRights(facts),
      checkExtension(facts),
      checkConnections(facts, poolMax),
      checkClock(facts.clock - (askedAt + answeredAt) / 2000),
      await checkMigrations(query),
    ];
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return [
      fault(
        "database",
        `The database of DATABASE_URL cannot be used: ${message || code}`,
        "Look whether the server runs, and at the address, the password and the network in between",
      ),
    ];
  } finally {
    await client.end().catch(() => undefined);
  }
}

const checkVersion = ({ version, number }: Facts): Finding =>
  number >= VERSION_AT_LEAST
    ? ok("version", `PostgreSQL ${version}`)
    : fault("version", `PostgreSQL ${version} is too old`, "Take PostgreSQL 14 or later");

/** Postgres tells each client its process; a pooler between them has told another number. */
function checkPooler({ pid }: Facts, told: number, directUrl: string | undefined): Finding {
  if (pid === told) return ok("pooler", "None between here and the server");
  const words = "There is a pooler such as PgBouncer between here and the server";
  if (directUrl !== undefined) return ok("pooler", `${words}, and DATABASE_DIRECT_URL past it`);
  return warning(
    "pooler",
    words,
    "Give DATABASE_DIRECT_URL the server's own address: LISTEN and locks need a connection of their own",
  );
}

const checkEncoding = ({ encoding }: Facts): Finding =>
  encoding === "UTF8"
    ? ok("encoding", encoding)
    : fault("encoding", `The database is ${encoding}`, "Make one with ENCODING 'UTF8'");

function checkRights({ isReadOnly, mayCreate }: Facts): Finding {
  if (isReadOnly) {
    const advice = "Give the address of the primary, or switch default_transaction_read_only off";
    return fault("rights", "The server takes no changes: a standby, or set so", advice);
  }
  if (mayCreate) return ok("rights", "Tables can be made");
  return fault("rights", "No tables can be made", "Grant CREATE on the schema to this user");
}

function checkExtension({ hasTrigrams, canHaveTrigrams }: Facts): Finding {
  if (hasTrigrams) return ok("extensions", "pg_trgm is there");
  if (canHaveTrigrams) return ok("extensions", "pg_trgm can be made, which migrating does");
  return fault("extensions", "pg_trgm is missing", "Install the server's contrib package");
}

const checkConnections = ({ maxConnections }: Facts, poolMax: number): Finding =>
  maxConnections >= 2 * poolMax
    ? ok("connections", `${maxConnections} at most, of which a process takes ${poolMax}`)
    : warning(
        "connections",
        `${maxConnections} at most, and one process takes up to ${poolMax}`,
        "Raise max_connections or lower DATABASE_POOL_MAX: two processes have to fit while one replaces the other",
      );

async function checkMigrations(query: (sql: string) => Promise<unknown>): Promise<Finding> {
  const { pending, unknown } = await readMigrationState(query);
  if (unknown.length > 0) {
    const words = `A newer version was here: ${unknown.length} migrations are unknown`;
    return warning("migrations", words, "Run that version, or go back with a backup");
  }
  if (pending.length === 0) return ok("migrations", "All have run");
  const words = `${pending.length} have not run`;
  return warning("migrations", words, `Run "rollcall migrate"; "rollcall start" does it too`);
}
