import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { isServerOf, isTaken } from "./process-state.js";

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** It accepts connections; otherwise it is starting, recovering or stopping. */
  readonly isReady: boolean;
}

const INCOMPLETE_AFTER_MS = 10_000;

/** The server that runs on the cluster, whichever process started it. */
export function findPostmaster(clusterDir: string): Postmaster | undefined {
  const file = join(clusterDir, "postmaster.pid");
  const text = readIfExists(file);
  if (text === undefined) return undefined;

  // The lines of the file: pid, data directory, start time, port, socket directory, address, shared memory,
  // status.
  const [pidLine = "", , , port, , , , status = ""] = text.split("\n");
  const pid = Math.abs(Number.parseInt(pidLine, 10)); // single-user mode writes a negative number
  if (Number.isNaN(pid)) {
    // Just being written, or incomplete after a crash; Postgres itself would refuse to start with an incomplete
    // one.
    if (ageMs(file) > INCOMPLETE_AFTER_MS) rmSync(file, { force: true });
    return undefined;
  }
  if (isServerOf(pid, clusterDir))
    return { pid, port: Number(port), isReady: status.trim() === "ready" };

  // Postgres replaces the file of a dead server itself, but takes any process with this number for a server. The
  // check above is stricter, and shared memory still protects the cluster against a second server.
  if (isTaken(pid) && readIfExists(file) === text) rmSync(file, { force: true });
  return undefined;
}

function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function ageMs(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? Date.now() - found.mtimeMs : 0;
}
