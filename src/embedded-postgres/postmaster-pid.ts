import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { isServerOf, isTaken } from "./process-state.js";

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** It takes connections; else it is starting, recovering or stopping. */
  readonly isReady: boolean;
}

const UNFINISHED_AFTER_MS = 10_000;

/** The server that runs on the cluster, whoever started it. */
export function findPostmaster(clusterDir: string): Postmaster | undefined {
  const file = join(clusterDir, "postmaster.pid");
  const text = readIfThere(file);
  if (text === undefined) return undefined;

  // Lines of the file: pid, data directory, start time, port, socket directory, address, shared memory, status.
  const [pidLine = "", , , port, , , , status = ""] = text.split("\n");
  const pid = Math.abs(Number.parseInt(pidLine, 10)); // single-user mode writes it negative
  if (Number.isNaN(pid)) {
    // Written a moment ago, or torn by a crash; Postgres itself would refuse a torn one for ever.
    if (ageMs(file) > UNFINISHED_AFTER_MS) rmSync(file, { force: true });
    return undefined;
  }
  if (isServerOf(pid, clusterDir))
    return { pid, port: Number(port), isReady: status.trim() === "ready" };

  // Postgres replaces the file of a dead server by itself, but takes any process with this number for a
  // server. We know better, and shared memory still guards the cluster against a second server.
  if (isTaken(pid) && readIfThere(file) === text) rmSync(file, { force: true });
  return undefined;
}

function readIfThere(file: string): string | undefined {
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
