import { Client } from "pg";

const TEMPLATE = "rollcall_template";
const ADMIN_URL = "ROLLCALL_TEST_ADMIN_URL";

/** Told to the workers by their environment. */
export function setAdminUrl(url: string): void {
  process.env[ADMIN_URL] = url;
}

/** Of the server's superuser. */
export const adminUrl = (): string => requireEnv(ADMIN_URL);

/** Each Jest worker owns a copy of the migrated template, so files run in parallel without sharing rows. */
export async function createWorkerDatabase(): Promise<string> {
  return recreate(workerDatabase(), `TEMPLATE ${TEMPLATE}`);
}

const workerDatabase = (): string => `rollcall_test_${requireEnv("JEST_WORKER_ID")}`;

/**
 * The worker's database with contents that take long to make: the first who wants them fills a template,
 * and everybody gets a copy of it.
 *
 * @param contents what they are called
 * @param fill given a migrated database
 */
export async function createFilledDatabase(
  contents: string,
  fill: (url: string) => Promise<void>,
): Promise<string> {
  const template = `${TEMPLATE}_${contents}`;
  const admin = new Client({ connectionString: adminUrl() });
  await admin.connect();
  try {
    await admin.query(`SELECT pg_advisory_lock(hashtext($1))`, [template]);
    const known = await admin.query(`SELECT 1 FROM pg_database WHERE datname = $1`, [template]);
    if (known.rowCount === 0) {
      // Under another name until it is complete.
      const unfinished = `${template}_unfinished`;
      await fill(await recreate(unfinished, `TEMPLATE ${TEMPLATE}`));
      await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
    }
  } finally {
    await admin.end();
  }
  return recreate(workerDatabase(), `TEMPLATE ${template} STRATEGY FILE_COPY`);
}

/** A database without any tables, for tests of the migrations themselves. */
export function createEmptyDatabase(name: string): Promise<string> {
  return recreate(name, "TEMPLATE template0");
}

/** The database that the workers copy, empty again; the caller migrates it. */
export function recreateTemplateDatabase(): Promise<string> {
  return recreate(TEMPLATE, "TEMPLATE template0");
}

async function recreate(name: string, origin: string): Promise<string> {
  const url = new URL(adminUrl());
  const admin = new Client({ connectionString: url.href });
  await admin.connect();
  try {
    const database = admin.escapeIdentifier(name);
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${database} ${origin}`);
  } finally {
    await admin.end();
  }
  url.pathname = name;
  return url.href;
}

function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests with npm test`);
  return value;
}
