import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";

import { EmbeddedPostgresError } from "./embedded-postgres-error.js";

/** The user that the server runs as when node runs as root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A path and the required access: enter a directory, run a program or read a file. */
export type Access = readonly ["enter" | "run" | "read", string];

const preferredNames = ["postgres", "_postgres", "nobody"];

/**
 * Postgres refuses to run as root. An existing cluster keeps its owner, so that a `postgres` user installed
 * later does not lose access to it.
 *
 * @returns undefined when the server runs as node's own user
 */
export function serverUserFor(clusterDir = ""): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;

  const users = knownUsers();
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) {
    const name = users.find(({ uid }) => uid === owner.uid)?.name ?? `user ${owner.uid}`;
    return { name, uid: owner.uid, gid: owner.gid };
  }
  const user = preferredNames
    .map((name) => users.find((candidate) => candidate.name === name))
    .find((candidate) => candidate !== undefined);
  if (user) return user;
  throw new EmbeddedPostgresError(
    "Postgres cannot run as root, and this system has neither a user `postgres` nor `nobody` to run it as. " +
      "Start Rollcall as an ordinary user, or set DATABASE_URL to a Postgres of your own.",
  );
}

/**
 * The first path that the user may not access. A shell of that user tests it: mode bits do not show ACLs or
 * mount options.
 */
export function firstDenied(
  user: ServerUser | undefined,
  accesses: readonly Access[],
): string | undefined {
  if (!user) return undefined;
  const script =
    'while [ $# -gt 0 ]; do test "$1" "$2" || { printf %s "$2"; exit 1; }; shift 2; done';
  const { error, status, stdout } = spawnSync(
    "/bin/sh",
    [
      "-c",
      script,
      "sh",
      ...accesses.flatMap(([kind, path]) => [kind === "read" ? "-r" : "-x", path]),
    ],
    { uid: user.uid, gid: user.gid, cwd: "/", env: {}, encoding: "utf8" },
  );
  if (error) throw cannotSwitchTo(user, error);
  return status === 0 ? undefined : stdout;
}

export function cannotSwitchTo(user: ServerUser, cause: Error): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Postgres cannot run as root, and root may not become ${user.name} (uid ${user.uid}) here: ${cause.message}. ` +
      "Start Rollcall as an ordinary user, or set DATABASE_URL to a Postgres of your own.",
    { cause },
  );
}

function knownUsers(): ServerUser[] {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  // macOS has `nobody` as -2, which not every system call of Node accepts.
  return users.filter(({ uid, gid }) => uid > 0 && gid >= 0);
}
