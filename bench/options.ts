import { join } from "node:path";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { MAX_LOAD_USERS } from "../src/demo/load/load-limit.js";
import { type Device, deviceNames } from "./without.js";

export const USAGE = `npm run bench -- [options]
  --only rollcall,floor    servers; default: all
  --compare DIRECTORY,...  other built checkouts of Rollcall, measured in the same rounds
  --without DEVICE,...     Rollcall without one optimisation each: ${deviceNames.join(", ")}
  --workloads Q1,Q2        workloads; default: all
  --connections 50         instead of the number of connections of each workload
  --users 100000           number of users in the database
  --rounds 5               measurements per server
  --seconds 2              duration of a measurement
  --flatness               measure how costs grow with the number of users, instead of the comparison
  --sizes 1000,100000      with --flatness: the numbers of users
  --data DIRECTORY         keeps seeded databases for the next run
  --write                  also write bench/RESULTS.md or bench/FLATNESS.md`;

export interface BenchOptions {
  /** Null: all. */
  readonly only: readonly string[] | null;
  /** Directories. */
  readonly compare: readonly string[];
  readonly without: readonly Device[];
  readonly workloads: readonly string[] | null;
  /** Null: as in the workloads. */
  readonly connections: number | null;
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
    compare: list(given.compare) ?? [],
    without: (list(given.without) ?? []).map(readDevice),
    workloads: list(given.workloads),
    connections:
      given.connections === undefined ? null : count("connections", given.connections, 1000),
    users: count("users", given.users, MAX_LOAD_USERS),
    rounds: count("rounds", given.rounds, 1000),
    seconds: count("seconds", given.seconds, 3600),
    isFlatness: given.flatness,
    sizes: (list(given.sizes) ?? []).map((size) => count("sizes", size, MAX_LOAD_USERS)),
    dataDir: given.data,
    isWritten: given.write,
  };
}

function readDevice(name: string): Device {
  const device = deviceNames.find((known) => known === name);
  if (device) return device;
  throw new UsageError(`--without must be one of ${deviceNames.join(", ")}, not "${name}"`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        compare: { type: "string" },
        without: { type: "string" },
        workloads: { type: "string" },
        connections: { type: "string" },
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
