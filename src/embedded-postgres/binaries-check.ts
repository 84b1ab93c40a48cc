import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import { firstDenied, type ServerUser } from "./server-user.js";

/** Whether the server's user can run the binaries in place. Creates missing library links. */
export function isRunnable(native: string, user: ServerUser | undefined): boolean {
  return linkLibraries(native) && isReadable(native, user);
}

function isReadable(native: string, user: ServerUser | undefined): boolean {
  const denied = firstDenied(user, [
    ["run", join(native, "bin", "initdb")],
    ["run", join(native, "bin", "postgres")],
    ["enter", join(native, "lib", "postgresql")],
    ["read", join(native, "share", "postgresql", "postgres.bki")],
  ]);
  return denied === undefined;
}

/**
 * A package cannot contain symbolic links; its install script creates them from a list. This creates them for
 * installs without scripts.
 *
 * @returns false when a link is missing and cannot be created
 */
function linkLibraries(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  // Both paths start with the package's directory: native/lib/libpq.so.5.18
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  return links.every(({ source, target }) =>
    createLink(
      join(relative(dirname(target), dirname(source)), basename(source)),
      join(dirname(native), target),
    ),
  );
}

function createLink(target: string, link: string): boolean {
  try {
    symlinkSync(target, link);
    return true;
  } catch {
    return existsSync(link); // exists already, or the file system is read-only
  }
}
