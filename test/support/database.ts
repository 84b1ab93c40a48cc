import { Client } from "pg";

const TEMPLATE = "rollcall_template";
const ADMIN_URL = "ROLLCALL_TEST_ADMIN_URL";

/** Told to the workers by their environment. */
export function setAdminUrl(url: string): void {
  process.env[ADMIN_URL] = url;
}

/** Each Jest worker owns a copy of the migrated template, so files run in parallel without sharing rows. */
export async function createWorkerDatabase(): Promise<string> {
  const name = `rollcall_test_${requireEnv("JEST_WORKER_ID")}`;
  return recreate(name, `TEMPLATE ${TEMPLATE}`);
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
  const url = new URL(requireEnv(ADMIN_URL));
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
