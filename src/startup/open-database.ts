/**
 * Opens the database of the process, and starts the embedded server when there is no other. Imports config,
 * errors, database and embedded-postgres.
 */

import { resolve } from "node:path";
import type { DataSource } from "typeorm";
import type { Config } from "../config/schema.js";
import { createDataSource } from "../database/connections/data-source.js";
import { defaultDataDir, startEmbeddedPostgres } from "../embedded-postgres/index.js";
import { readMigrationState } from "../database/migration-state.js";
import { StartupError } from "../errors/startup-error.js";

/** This file runs from dist/src/startup. */
const CHECKOUT = resolve(__dirname, "..", "..", "..");

/** An arbitrary number. Every process that migrates first takes the advisory lock with this number. */
const MIGRATION_LOCK = 7_655_225;

const POOLER_HINT =
  "It is a pooler: set DATABASE_DIRECT_URL to the address of the Postgres behind it, see docs/operations.md";

export interface Database {
  readonly dataSource: DataSource;
  /** The address of the server. */
  readonly url: string;
  /** The data directory of the embedded server; null with an external server. */
  readonly dataDir: string | null;
  /** Disconnects, and stops the embedded server if there is one. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  /** How to handle pending migrations: RUN them, as a start does, or REFUSE to continue. */
  readonly migrations?: "RUN" | "REFUSE";
}

/**
 * Connects to `DATABASE_URL`, or starts the embedded server, and runs pending migrations.
 *
 * @param log called with one line for each step that takes time
 * @throws StartupError when the database cannot be used
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
    if (database.directUrl !== undefined) await warnWithoutStatementTimeout(dataSource, log);
  } catch (error) {
    await close();
    throw embedded === null && !(error instanceof StartupError)
      ? externalServerError(error)
      : error;
  }
  return { dataSource, url, dataDir, close };
}

/** @throws StartupError */
async function assertMigrated(dataSource: DataSource): Promise<void> {
  const { pending } = await readMigrationState((sql) => dataSource.query(sql));
  if (pending.length === 0) return;
  throw new StartupError(
    `The database is not up to date (${pending.length} migrations have not run): run "rollcall migrate" first`,
  );
}

/**
 * Wraps the error of an external server. Its message is about the address or the privileges of the database
 * user.
 */
function externalServerError(error: unknown): StartupError {
  const { message, code, driverError } = error as Error & {
    code?: string;
    driverError?: { hint?: string };
  };
  // A name with several addresses fails with an error that has a code but no message.
  const hint = message.includes("unsupported startup parameter") ? POOLER_HINT : driverError?.hint;
  const reason = [message || code, hint].filter(Boolean).join(". ");
  return new StartupError(`The database of DATABASE_URL cannot be used: ${reason}`, {
    cause: error,
  });
}

/**
 * Rollcall cannot set the timeout through a pooler. Without one, an endless statement occupies one of its few
 * connections.
 */
async function warnWithoutStatementTimeout(
  dataSource: DataSource,
  log: (line: string) => void,
): Promise<void> {
  const [row] = await dataSource.query<{ setting: string }[]>(
    `SELECT setting FROM pg_settings WHERE name = 'statement_timeout'`,
  );
  if (row?.setting === "0")
    log("The pooler's sessions have no statement_timeout: see docs/operations.md");
}

/** Uses its own connection without a statement timeout, because a migration can take long. */
async function migrate(url: string, log: (line: string) => void): Promise<void> {
  const dataSource = createDataSource({ url, poolMax: 2, statementTimeoutMs: 0 });
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    // When several processes start concurrently, the others wait here and then find no pending migration.
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
