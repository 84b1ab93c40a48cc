import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

import { firstRefused, type ServerUser } from "./server-user.js";

/** Makes a directory, parents too, that other users may pass through: umask 077 would close it to the server. */
export function makeReachable(directory: string): void {
  for (const path of ancestors(directory)) {
    if (existsSync(path)) continue;
    try {
      mkdirSync(path);
      chmodSync(path, 0o755);
    } catch (error) {
      // Somebody else made it in this moment: then its mode is not ours to change.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** The outermost directory on the way that is closed to the user; what does not exist yet will be open. */
export function closedDirectory(
  directory: string,
  user: ServerUser | undefined,
): string | undefined {
  const existing = ancestors(directory).filter((path) => existsSync(path));
  return firstRefused(
    user,
    existing.map((path) => ["enter", path] as const),
  );
}

/** The path itself and everything above it, outermost first. */
function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...ancestors(parent), path];
}
