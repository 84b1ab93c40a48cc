import { loadConfig } from "../../config/schema.js";
import { type Database, openDatabase } from "../../startup/open-database.js";
import type { Terminal } from "../terminal.js";

/** Opens the database of the environment and migrates it. Progress is printed on standard error. */
export function openOperatorDatabase({ env, stderr }: Terminal): Promise<Database> {
  const config = loadConfig(env);
  const withoutTimeout = { ...config, database: { ...config.database, statementTimeoutMs: 0 } };
  return openDatabase(withoutTimeout, (line) => void stderr.write(`${line}\n`));
}
