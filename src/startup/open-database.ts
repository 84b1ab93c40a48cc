import { resolve } from "node:path";
import type { DataSource } from "typeorm";
import type { Config } from "../config/schema.js";
import { createDataSource } from "../database/data-source.js";
import { defaultDataDir, startEmbeddedPostgres } from "../embedded-postgres/index.js";
import { readMigrationState } from "../database/migration-state.js";
import { StartupError } from "../errors/startup-error.js";

/** This file runs from dist/src/database. */
const CHECKOUT = resolve(__dirname, "..", "..", "..");

/** Any number; every process that migrates takes the lock of this number first. */
const MIGRATION_LOCK = 7_655_225;

const POOLER_HINT =
  "It is a pooler: set DATABASE_DIRECT_URL to the address of the Postgres behind it, see docs/operations.md";

export interface Database {
  readonly dataSource: DataSource;
  /** Of the server that it is on. */
  readonly url: string;
  /** Where the embedded server keeps its data; null on a server of the operator's own. */
  readonly dataDir: string | null;
  /** Disconnects, and stops the server if it is the embedded one. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  /** What to do about migrations that have not run: RUN them, as a start does, or REFUSE to go on. */
  readonly migrations?: "RUN" | "REFUSE";
}

/**
 * Connects to the database of `DATABASE_URL`, or else starts the embedded one, and brings it up to date.
 *
 * @param log one line about each thing that takes time
 */
export async function openDatabase(
  { database }: Config,
  log: (line: string) => void,
  { migrations = "RUN" }: OpenOptions = {},
): Promise<Database> {
  const dataDir =
    database.url === undefined ? (database.dataDir ?? defaultDataDir(CHECKOUT)) : null;
  const embedded =
    dataDir === null ? null : await startEmbeddedPostgres({ dataDir, database: "rollcall", log });
  const url = database.url ?? embedded?.url ?? "";
  const dataSource = createDataSource({ ...database, url });
  const close = async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await embedded?.stop();
  };
  try {
    await dataSource.initialize();
    if (migrations === "REFUSE") await assertMigrated(dataSource);
    else await migrate(database.directUrl ?? url, log);
    if (database.directUrl !== undefined) await warnOfEndlessStatements(dataSource, log);
  } catch (error) {
    await close();
    throw embedded === null && !(error instanceof StartupError) ? refusalOfServer(error) : error;
  }
  return { dataSource, url, dataDir, close };
}

/** @throws StartError */
async function assertMigrated(dataSource: DataSource): Promise<void> {
  const { pending } = await readMigrationState((sql) => dataSource.query(sql));
  if (pending.length === 0) return;
  throw new StartupError(
    `The database is not up to date (${pending.length} migrations have not run): run "rollcall migrate" first`,
  );
}

/** What the operator's own server said; its words are about the address or the rights of the user in it. */
function refusalOfServer(error: unknown): StartupError {
  const { message, code, driverError } = error as Error & {
    code?: string;
    driverError?: { hint?: string };
  };
  // A name with several addresses fails with an error that has a code but no message.
  const hint = message.includes("unsupported startup parameter") ? POOLER_HINT : driverError?.hint;
  const words = [message || code, hint].filter(Boolean).join(". ");
  return new StartupError(`The database of DATABASE_URL cannot be used: ${words}`, {
    cause: error,
  });
}

/** Rollcall cannot set it there, and a statement that never ends would keep one of the pooler's few connections. */
async function warnOfEndlessStatements(
  dataSource: DataSource,
  log: (line: string) => void,
): Promise<void> {
  const [row] = await dataSource.query<{ setting: string }[]>(
    `SELECT setting FROM pg_settings WHERE name = 'statement_timeout'`,
  );
  if (row?.setting === "0")
    log("The pooler's sessions have no statement_timeout: see docs/operations.md");
}

/** On a connection of its own, since a long migration must not run into the statement timeout. */
async function migrate(url: string, log: (line: string) => void): Promise<void> {
  const dataSource = createDataSource({ url, poolMax: 2, statementTimeoutMs: 0 });
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    // Several processes may start at once; the others wait here and then find nothing to do.
    await lock.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    for (const { name } of await dataSource.runMigrations({ transaction: "each" })) {
      log(`Migrated: ${name}`);
    }
  } finally {
    await lock.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => undefined);
    await lock.release();
    await dataSource.destroy();
  }
}
