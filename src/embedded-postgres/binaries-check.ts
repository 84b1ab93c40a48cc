import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import { firstRefused, type ServerUser } from "./server-user.js";

/** Whether the server's user can run these binaries as they lie there. Makes missing library links. */
export function isRunnable(native: string, user: ServerUser | undefined): boolean {
  return linkLibraries(native) && isReadable(native, user);
}

function isReadable(native: string, user: ServerUser | undefined): boolean {
  const refused = firstRefused(user, [
    ["run", join(native, "bin", "initdb")],
    ["run", join(native, "bin", "postgres")],
    ["enter", join(native, "lib", "postgresql")],
    ["read", join(native, "share", "postgresql", "postgres.bki")],
  ]);
  return refused === undefined;
}

/**
 * A package cannot carry symbolic links; its install script makes them from a list. We make them ourselves, for
 * installs without scripts. False: one is missing and cannot be made here.
 */
function linkLibraries(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  // Both paths begin with the package's directory: native/lib/libpq.so.5.18
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  return links.every(({ source, target }) =>
    makeLink(
      join(relative(dirname(target), dirname(source)), basename(source)),
      join(dirname(native), target),
    ),
  );
}

function makeLink(target: string, link: string): boolean {
  try {
    symlinkSync(target, link);
    return true;
  } catch {
    return existsSync(link); // there already, or the place is read-only
  }
}
