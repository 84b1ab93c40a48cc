import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Client } from "pg";
import { loadConfig } from "../src/config/schema.js";
import { openDatabase } from "../src/startup/open-database.js";
import { seedLoad } from "../src/demo/load/seed-load.js";
import { startEmbeddedPostgres } from "../src/embedded-postgres/index.js";
import { findPostmaster } from "../src/embedded-postgres/postmaster-pid.js";

/** This file runs from dist/bench. */
const DIST = resolve(__dirname, "..");

/** Half of the lease of the seeded users, so that none goes offline during the measurement. */
const FRESH_FOR = "12 hours";

/** No checkpoints, which would affect one measurement and not the next. */
const SETTINGS = { max_wal_size: "8GB", checkpoint_timeout: "1h" };

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** A Postgres with users. */
export interface BenchData {
  /** Of the postmaster, whose children are the backends. */
  readonly pid: number;
  readonly version: string;
  /** Creates a database with newly seeded users. @returns its URL */
  readonly fill: (users: number) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts the Postgres of a directory. Seeded databases are kept for the next run, which works on a copy. */
export async function openBenchData(dataDir: string): Promise<BenchData> {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    database: "bench",
    settings: SETTINGS,
    log,
  });
  const { pid = 0 } = findPostmaster(join(dataDir, "postgres", "cluster")) ?? {};
  const admin = new Client({ connectionString: postgres.url });
  await admin.connect();
  const { rows } = await admin.query<{ server_version: string }>("SHOW server_version");
  await dropAbandoned(admin);
  const copies = new Set<string>();
  const urlOf = (database: string): string => {
    const url = new URL(postgres.url);
    url.pathname = `/${database}`;
    return url.href;
  };

  return {
    pid,
    version: rows[0]?.server_version ?? "",
    fill: async (users) => {
      const seeded = `seeded_${users}_${stampOfSeed()}`;
      const copy = `bench_${users}_${process.pid}`;
      if (!(await isFresh(admin, seeded, urlOf(seeded)))) {
        log(`Seeding ${users} users, kept for the next run`);
        await admin.query(`DROP DATABASE IF EXISTS ${seeded} WITH (FORCE)`);
        await admin.query(`CREATE DATABASE ${seeded}`);
        await seed(urlOf(seeded), users);
      }
      await admin.query(`CREATE DATABASE ${copy} TEMPLATE ${seeded} STRATEGY FILE_COPY`);
      copies.add(copy);
      return urlOf(copy);
    },
    stop: async () => {
      for (const copy of copies) await admin.query(`DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`);
      await admin.end();
      await postgres.stop();
    },
  };
}

/** Drops the copies of killed runs. Another run may be using the same directory. */
async function dropAbandoned(admin: Client): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname ~ '^bench_[0-9]+_[0-9]+$'`,
  );
  for (const { datname } of rows) {
    const pid = Number(datname.split("_").at(-1));
    if (!isRunning(pid)) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Identifies the schema and the seed data. */
function stampOfSeed(): string {
  const hash = createHash("sha256");
  for (const folder of ["migrations", join("src", "demo")]) {
    const files = readdirSync(join(DIST, folder)).filter((name) => name.endsWith(".js"));
    for (const name of files.sort()) hash.update(readFileSync(join(DIST, folder, name)));
  }
  return hash.digest("hex").slice(0, 12);
}

async function isFresh(admin: Client, database: string, url: string): Promise<boolean> {
  const { rowCount } = await admin.query(`SELECT 1 FROM pg_database WHERE datname = $1`, [
    database,
  ]);
  if (rowCount === 0) return false;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ fresh: boolean | null }>(
      `SELECT max(lease_until) > now() + interval '${FRESH_FOR}' AS fresh FROM presences`,
    );
    return rows[0]?.fresh === true;
  } catch {
    // An interrupted run left it incomplete.
    return false;
  } finally {
    await client.end();
  }
}

async function seed(url: string, users: number): Promise<void> {
  const config = loadConfig({ DATABASE_URL: url, DATABASE_STATEMENT_TIMEOUT_MS: "600000" });
  const { dataSource, close } = await openDatabase(config, () => undefined);
  try {
    await seedLoad(dataSource, { users, agents: Math.floor(users / 5) });
    // Otherwise autovacuum would do it during a measurement.
    await dataSource.query(`SET statement_timeout = 0`);
    await dataSource.query(`VACUUM (FREEZE, ANALYZE)`);
  } finally {
    await close();
  }
}
