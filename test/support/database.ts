import { Client } from "pg";

const TEMPLATE = "rollcall_template";
const ADMIN_URL = "ROLLCALL_TEST_ADMIN_URL";

/** Passes the address to the workers in their environment. */
export function setAdminUrl(url: string): void {
  process.env[ADMIN_URL] = url;
}

/** The address of the server's superuser. */
export const adminUrl = (): string => requireEnv(ADMIN_URL);

/** A copy of the migrated template for each Jest worker, so that parallel files share no rows. */
export async function createWorkerDatabase(): Promise<string> {
  return recreate(workerDatabase(), `TEMPLATE ${TEMPLATE}`);
}

const workerDatabase = (): string => `rollcall_test_${requireEnv("JEST_WORKER_ID")}`;

/**
 * The worker's database with contents that are slow to create: the first caller fills a template, and every caller
 * gets a copy of it.
 *
 * @param contents their name
 * @param fill receives the address of a migrated database
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
      // It has another name until it is complete.
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

/** Recreates the template of the workers without tables; the caller migrates it. */
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
