import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { isAlive } from "./process-state.js";

const ABANDONED_AFTER_MS = 10 * 60_000;

// An orphaned initdb may still write there, until it notices that its files are gone.
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 20 };

/**
 * Creates a directory completely or not at all: fills it under a temporary name and renames it. A killed
 * process leaves only a staging directory; of two concurrent processes the first one wins.
 */
export async function createAtomically(
  target: string,
  fill: (staging: string) => Promise<void>,
): Promise<void> {
  const staging = `${target}.new-${process.pid}-${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(staging);
    await chmod(staging, 0o711); // whatever the umask: the server's user must have access
    await fill(staging);
    await rename(staging, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Removes staging directories of killed processes. */
export async function removeAbandoned(target: string): Promise<void> {
  const parent = dirname(target);
  const prefix = `${basename(target)}.new-`;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(parent, name);
    const isAbandoned =
      !isAlive(Number.parseInt(name.slice(prefix.length), 10)) ||
      (await ageMs(path)) > ABANDONED_AFTER_MS;
    if (isAbandoned) await rm(path, REMOVAL).catch(() => undefined);
  }
}

async function ageMs(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
}
