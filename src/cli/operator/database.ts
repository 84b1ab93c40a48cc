import { loadConfig } from "../../config/schema.js";
import { type Database, openDatabase } from "../../startup/open-database.js";
import type { Terminal } from "../terminal.js";

/** The database of the environment, brought up to date; what takes its time is told on standard error. */
export function openOperatorsDatabase({ env, stderr }: Terminal): Promise<Database> {
  const config = loadConfig(env);
  const unhurried = { ...config, database: { ...config.database, statementTimeoutMs: 0 } };
  return openDatabase(unhurried, (line) => void stderr.write(`${line}\n`));
}
