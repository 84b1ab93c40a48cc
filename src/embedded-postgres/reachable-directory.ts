import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

import { firstDenied, type ServerUser } from "./server-user.js";

/**
 * Creates a directory and its parents with access for other users: umask 077 would exclude the server's user.
 */
export function createReachable(directory: string): void {
  for (const path of ancestors(directory)) {
    if (existsSync(path)) continue;
    try {
      mkdirSync(path);
      chmodSync(path, 0o755);
    } catch (error) {
      // Another process created it at the same time, so its mode stays.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** The outermost directory of the path that the user cannot enter. Missing directories count as open. */
export function closedDirectory(
  directory: string,
  user: ServerUser | undefined,
): string | undefined {
  const existing = ancestors(directory).filter((path) => existsSync(path));
  return firstDenied(
    user,
    existing.map((path) => ["enter", path] as const),
  );
}

/** The path and all its parents, outermost first. */
function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...ancestors(parent), path];
}
