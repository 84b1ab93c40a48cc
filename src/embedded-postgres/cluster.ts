import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, lchown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import { runProgram } from "./program.js";
import { cannotSwitchTo, type ServerUser } from "./server-user.js";
import { createAtomically, removeAbandoned } from "./staged-directory.js";

export const SUPERUSER = "rollcall";

/** The files of a database server, and what is needed to run it. */
export interface Cluster {
  readonly directory: string;
  readonly password: string;
  readonly logFile: string;
  readonly binaries: string;
  readonly user: ServerUser | undefined;
}

interface Origin {
  readonly binaries: string;
  readonly user: ServerUser | undefined;
  /** False in tests: the files need not survive a power failure. */
  readonly isDurable: boolean;
}

/**
 * Opens the cluster of a data directory, or creates it. One rename creates the cluster together with its
 * password, so neither exists without the other.
 */
export async function openCluster(
  dataDir: string,
  origin: Origin,
  log: (line: string) => void,
): Promise<Cluster> {
  const home = join(dataDir, "postgres");
  await removeAbandoned(home);
  if (!existsSync(home)) {
    log(`Creating a Postgres database in ${dataDir}`);
    await createAtomically(home, (staging) => initialize(staging, origin));
  }
  return {
    directory: join(home, "cluster"),
    password: readPassword(join(home, "password")),
    logFile: join(home, "server.log"),
    binaries: origin.binaries,
    user: origin.user,
  };
}

async function initialize(home: string, { binaries, user, isDurable }: Origin): Promise<void> {
  const directory = join(home, "cluster");
  const passwordFile = join(home, "password");
  await mkdir(directory);
  await chmod(directory, 0o700);
  await writeFile(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  if (user) await chownTo([directory, passwordFile], user);

  const parameters = [
    `--pgdata=${directory}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    // Other users of this machine can connect to the port, too, so a password is required.
    "--auth=scram-sha-256",
    // Postgres' own Unicode rules: identical on every system, and lower('Ü') is 'ü'.
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
    ...(isDurable ? [] : ["--no-sync"]),
  ];
  const initdb = join(binaries, "bin", "initdb");
  const { code, errorOutput } = await runProgram(initdb, parameters, home, user);
  if (code === 0) return;
  throw new EmbeddedPostgresError(
    `Postgres could not create its files (initdb): ${errorOutput || `exit code ${code}`}. ` +
      "Set ROLLCALL_DATA_DIR to another directory, or DATABASE_URL to a Postgres of your own.",
  );
}

async function chownTo(paths: readonly string[], user: ServerUser): Promise<void> {
  try {
    for (const path of paths) await lchown(path, user.uid, user.gid);
  } catch (error) {
    throw cannotSwitchTo(user, error as Error); // a container may deny this right to its root
  }
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Cannot read the database password from ${file} (${(error as Error).message}). Start Rollcall as ` +
        "the user that created the data directory, or set ROLLCALL_DATA_DIR to another directory.",
      { cause: error },
    );
  }
}
