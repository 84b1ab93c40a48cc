import { join } from "node:path";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { MAX_LOAD_USERS } from "../src/demo/load-limit.js";

export const USAGE = `npm run bench -- [options]
  --only rollcall,floor    these servers; without it: all
  --workloads Q1,Q2        these workloads; without it: all
  --users 100000           how many users the database has
  --rounds 5               how often each server has its turn
  --seconds 2              how long a turn lasts
  --flatness               whether costs grow with the number of users, instead of the comparison
  --sizes 1000,100000      with --flatness: the numbers of users
  --data DIRECTORY         where seeded databases are kept for the next run
  --write                  write bench/RESULTS.md or bench/FLATNESS.md as well`;

export interface BenchOptions {
  /** Null: all. */
  readonly only: readonly string[] | null;
  readonly workloads: readonly string[] | null;
  readonly users: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly isFlatness: boolean;
  readonly sizes: readonly number[];
  readonly dataDir: string;
  readonly isWritten: boolean;
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): BenchOptions {
  const given = parse(args);
  const list = (text: string | undefined) => text?.split(",").map((entry) => entry.trim()) ?? null;
  const count = (name: string, text: string, max: number) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
    throw new UsageError(`--${name} must be a whole number from 1 to ${max}, not "${text}"`);
  };
  return {
    only: list(given.only),
    workloads: list(given.workloads),
    users: count("users", given.users, MAX_LOAD_USERS),
    rounds: count("rounds", given.rounds, 1000),
    seconds: count("seconds", given.seconds, 3600),
    isFlatness: given.flatness,
    sizes: (list(given.sizes) ?? []).map((size) => count("sizes", size, MAX_LOAD_USERS)),
    dataDir: given.data,
    isWritten: given.write,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        workloads: { type: "string" },
        users: { type: "string", default: "100000" },
        rounds: { type: "string", default: "5" },
        seconds: { type: "string", default: "2" },
        flatness: { type: "boolean", default: false },
        sizes: { type: "string", default: `1000,100000,${MAX_LOAD_USERS}` },
        data: { type: "string", default: join(tmpdir(), "rollcall-bench") },
        write: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
