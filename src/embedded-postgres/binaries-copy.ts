import { constants, existsSync, lstatSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readlink, rm, stat, symlink } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { extname, join } from "node:path";

import { isRunnable } from "./binaries-check.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { closedDirectory, makeReachable } from "./reachable-directory.js";
import type { ServerUser } from "./server-user.js";
import { makeWhole, removeAbandoned } from "./staged-directory.js";

/** Copies the binaries, once for all starts, to a place where the server's user can run them. */
export async function copyBinaries(
  native: string,
  name: string,
  user: ServerUser | undefined,
): Promise<string> {
  const reasons: string[] = [];
  for (const place of places()) {
    try {
      prepareOwnDirectory(place, user);
      return await copyOnce(native, join(place, name), user);
    } catch (error) {
      reasons.push(`${place}: ${(error as Error).message}`);
    }
  }
  throw new EmbeddedPostgresError(
    `The Postgres programs in ${native} are out of reach of ${user?.name ?? "this user"} and could not be ` +
      `copied (${reasons.join("; ")}). Move Rollcall to a directory that all users can enter, ` +
      "or set DATABASE_URL to a Postgres of your own.",
  );
}

function places(): string[] {
  const uid = process.getuid?.() ?? 0;
  const ofTheUser = uid === 0 ? "/var/cache/rollcall" : join(homedir(), ".cache", "rollcall");
  return [ofTheUser, join(tmpdir(), `rollcall-${uid}`)];
}

/**
 * What lies here gets executed. In a shared place such as /tmp anybody may have made the directory before us,
 * so one that belongs to others, or that they may write to, is refused.
 */
function prepareOwnDirectory(place: string, user: ServerUser | undefined): void {
  makeReachable(place);
  const found = lstatSync(place);
  const isOurs = found.uid === (process.getuid?.() ?? found.uid) && (found.mode & 0o022) === 0;
  if (!found.isDirectory() || !isOurs)
    throw new Error("it belongs to somebody else, or others may write to it; remove it");
  const closed = closedDirectory(place, user);
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
    await rm(copyDir, { recursive: true, force: true }); // thinned out by a cleaner of old files
  }
  await removeAbandoned(copyDir);
  await makeWhole(copyDir, (staging) => copyReadable(native, join(staging, "native")));
  if (isRunnable(copy, user)) return copy;
  throw new Error("programs cannot be run from there");
}

/** Readable by all, whatever the umask of the install was. Static libraries stay behind: nobody compiles here. */
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
