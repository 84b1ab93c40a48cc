import { spawn, type SpawnOptions } from "node:child_process";

import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { cannotSwitchTo, type ServerUser } from "./server-user.js";

/** The options of every Postgres program: it runs as the server's user and without our environment. */
export function programOptions(directory: string, user: ServerUser | undefined): SpawnOptions {
  return {
    cwd: directory,
    // PG* variables, time zone and locale of the caller would change what the programs do.
    env: { LC_ALL: "C", TZ: "UTC" },
    windowsHide: true,
    ...(user && { uid: user.uid, gid: user.gid }),
  };
}

/** Runs a program to its end and returns its exit code and standard error. */
export function runProgram(
  program: string,
  parameters: readonly string[],
  directory: string,
  user: ServerUser | undefined,
): Promise<{ code: number | null; errorOutput: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      ...programOptions(directory, user),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errorOutput = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (errorOutput += chunk));
    child.once("error", (error) => reject(cannotRun(program, user, error)));
    child.once("close", (code) => resolve({ code, errorOutput: errorOutput.trim() }));
  });
}

export function cannotRun(
  program: string,
  user: ServerUser | undefined,
  error: NodeJS.ErrnoException,
): EmbeddedPostgresError {
  if (user && error.code !== "ENOENT") return cannotSwitchTo(user, error);
  // ENOENT although the file exists: its loader is missing, as on Alpine Linux (musl).
  return new EmbeddedPostgresError(
    `${program} does not run on this system (${error.message}); on Linux it needs glibc. ` +
      "Set DATABASE_URL to a Postgres of your own.",
    { cause: error },
  );
}
