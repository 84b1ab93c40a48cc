import { constants, existsSync, lstatSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readlink, rm, stat, symlink } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { extname, join } from "node:path";

import { isRunnable } from "./binaries-check.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { closedDirectory, createReachable } from "./reachable-directory.js";
import type { ServerUser } from "./server-user.js";
import { createAtomically, removeAbandoned } from "./staged-directory.js";

/** Copies the binaries once to a directory where the server's user can run them. */
export async function copyBinaries(
  native: string,
  name: string,
  user: ServerUser | undefined,
): Promise<string> {
  const reasons: string[] = [];
  for (const directory of candidates()) {
    try {
      prepareOwnDirectory(directory, user);
      return await copyOnce(native, join(directory, name), user);
    } catch (error) {
      reasons.push(`${directory}: ${(error as Error).message}`);
    }
  }
  throw new EmbeddedPostgresError(
    `The Postgres programs in ${native} are not accessible to ${user?.name ?? "this user"} and could not be ` +
      `copied (${reasons.join("; ")}). Move Rollcall to a directory that all users can enter, ` +
      "or set DATABASE_URL to a Postgres of your own.",
  );
}

function candidates(): string[] {
  const uid = process.getuid?.() ?? 0;
  const userCache = uid === 0 ? "/var/cache/rollcall" : join(homedir(), ".cache", "rollcall");
  return [userCache, join(tmpdir(), `rollcall-${uid}`)];
}

/**
 * The files here are executed. In a shared directory such as /tmp, another user may have created the
 * directory first, so a directory that others own or can write to is refused.
 */
function prepareOwnDirectory(directory: string, user: ServerUser | undefined): void {
  createReachable(directory);
  const found = lstatSync(directory);
  const isOurs = found.uid === (process.getuid?.() ?? found.uid) && (found.mode & 0o022) === 0;
  if (!found.isDirectory() || !isOurs)
    throw new Error("another user owns it or can write to it; remove it");
  const closed = closedDirectory(directory, user);
  if (closed !== undefined) throw new Error(`${user?.name} may not enter ${closed}`);
}

async function copyOnce(
  native: string,
  copyDir: string,
  user: ServerUser | undefined,
): Promise<string> {
  const copy = join(copyDir, "native");
  if (existsSync(copyDir)) {
    if (isRunnable(copy, user)) return copy;
    await rm(copyDir, { recursive: true, force: true }); // a cleaner of old files has removed some
  }
  await removeAbandoned(copyDir);
  await createAtomically(copyDir, (staging) => copyReadable(native, join(staging, "native")));
  if (isRunnable(copy, user)) return copy;
  throw new Error("programs cannot be run from there");
}

/** Readable for all users, whatever the umask of the install. Static libraries are not needed. */
async function copyReadable(source: string, target: string): Promise<void> {
  await mkdir(target);
  await chmod(target, 0o755);
  const entries = await readdir(source, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const [from, to] = [join(source, entry.name), join(target, entry.name)];
      if (entry.isDirectory()) return copyReadable(from, to);
      if (entry.isSymbolicLink()) return symlink(await readlink(from), to);
      if (extname(entry.name) === ".a") return;
      await copyFile(from, to, constants.COPYFILE_FICLONE);
      await chmod(to, (await stat(from)).mode & 0o100 ? 0o755 : 0o644);
    }),
  );
}
