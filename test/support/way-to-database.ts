import { adminUrl } from "./database.js";

const POOLER_PORT = "ROLLCALL_TEST_POOLER_PORT";

/** Passes the port to the workers in their environment. */
export function setPoolerPort(port: number): void {
  process.env[POOLER_PORT] = String(port);
}

/** The settings of a gateway for a database: directly, or through a pooler when the tests run with one. */
export function wayToDatabase(databaseUrl: string): Readonly<Record<string, string>> {
  const pooler = process.env[POOLER_PORT];
  if (pooler === undefined) return { DATABASE_URL: databaseUrl };
  return {
    DATABASE_URL: withPort(databaseUrl, pooler),
    DATABASE_DIRECT_URL: directUrlOf(databaseUrl),
    DATABASE_PREPARED_STATEMENTS: "false",
  };
}

/** The address without the pooler. */
export const directUrlOf = (databaseUrl: string): string =>
  withPort(databaseUrl, new URL(adminUrl()).port);

const withPort = (url: string, port: string): string => Object.assign(new URL(url), { port }).href;
