import { adminUrl } from "./database.js";

const POOLER_PORT = "ROLLCALL_TEST_POOLER_PORT";

/** Told to the workers by their environment. */
export function setPoolerPort(port: number): void {
  process.env[POOLER_PORT] = String(port);
}

/** The settings with which a gateway reaches a database: itself, or through a pooler if the tests are run for that. */
export function wayToDatabase(databaseUrl: string): Readonly<Record<string, string>> {
  const pooler = process.env[POOLER_PORT];
  if (pooler === undefined) return { DATABASE_URL: databaseUrl };
  return {
    DATABASE_URL: withPort(databaseUrl, pooler),
    DATABASE_DIRECT_URL: directUrlOf(databaseUrl),
    DATABASE_PREPARED_STATEMENTS: "false",
  };
}

/** Past the pooler, if there is one. */
export const directUrlOf = (databaseUrl: string): string =>
  withPort(databaseUrl, new URL(adminUrl()).port);

const withPort = (url: string, port: string): string => Object.assign(new URL(url), { port }).href;
