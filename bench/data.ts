import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Client } from "pg";
import { loadConfig } from "../src/config/schema.js";
import { openDatabase } from "../src/startup/open-database.js";
import { seedLoad } from "../src/demo/seed-load.js";
import { startEmbeddedPostgres } from "../src/embedded-postgres/index.js";
import { findPostmaster } from "../src/embedded-postgres/postmaster-pid.js";

/** This file runs from dist/bench. */
const DIST = resolve(__dirname, "..");

/** Half of what the connections of the seeded people last: nobody goes offline while it is measured. */
const FRESH_FOR = "12 hours";

/** A checkpoint would fall into the turn of one server and not of another. */
const SETTINGS = { max_wal_size: "8GB", checkpoint_timeout: "1h" };

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** A Postgres with people in it. */
export interface BenchData {
  /** Of Postgres, whose children are its backends. */
  readonly pid: number;
  readonly version: string;
  /** A database with so many people, as they were seeded. @returns its address */
  readonly fill: (users: number) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the Postgres of a directory. What was seeded there once is kept for the next run; each run works on copies
 * of it, so that all of them measure the same.
 */
export async function openBenchData(dataDir: string): Promise<BenchData> {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    database: "bench",
    settings: SETTINGS,
    log: say,
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
        say(`Seeding ${users} users, which is kept for the next run`);
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

/** The copies of runs that were killed; another run may be at work in the same directory. */
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

/** Another schema or other people are another database. */
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
    // A run that was interrupted left it half made.
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
    // Else the server would do it at some moment of its own, while something is measured.
    await dataSource.query(`SET statement_timeout = 0`);
    await dataSource.query(`VACUUM (FREEZE, ANALYZE)`);
  } finally {
    await close();
  }
}
