import { parseArgs } from "node:util";
import { loadConfig } from "../src/config.js";
import { openDatabase } from "../src/database.js";
import { MAX_LOAD_USERS } from "../src/demo/load-users.js";
import { seedLoad } from "../src/demo/seed-load.js";
import { failureText } from "../src/start-failure.js";

const USAGE = "Usage: npm run seed:load -- [--users 100000] [--agents 20000]";

class UsageError extends Error {
  override readonly name = "UsageError";
}

interface Size {
  readonly users: number;
  readonly agents: number;
}

/** @throws UsageError */
function readSize(args: readonly string[]): Size {
  const { users, agents } = readOptions(args);
  const wantedUsers = readCount("--users", users ?? "100000", 1, MAX_LOAD_USERS);
  const fifth = String(Math.floor(wantedUsers / 5));
  return { users: wantedUsers, agents: readCount("--agents", agents ?? fifth, 0, wantedUsers) };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { users: { type: "string" }, agents: { type: "string" } },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readCount(name: string, value: string, min: number, max: number): number {
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= min && count <= max) return count;
  throw new UsageError(`${name} must be a whole number from ${min} to ${max}, not "${value}"`);
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function run(): Promise<void> {
  const { users, agents } = readSize(process.argv.slice(2));
  const config = loadConfig(process.env);
  const unhurried = { ...config, database: { ...config.database, statementTimeoutMs: 0 } };
  const { dataSource, close } = await openDatabase(unhurried, say);
  try {
    const startedAt = Date.now();
    const onProgress = (done: number, total: number) => say(`${done} of ${total} users`);
    await seedLoad(dataSource, { users, agents, onProgress });
    say(`${users} users are there, after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  } finally {
    await close();
  }
}

run().catch((error: unknown) => {
  if (error instanceof UsageError) {
    say(`${error.message}\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  say(failureText(error));
  process.exitCode = 1;
});
