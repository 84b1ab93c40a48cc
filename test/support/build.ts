import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

/** Long enough for a build on a slow machine. */
export const BUILD_MS = 180_000;

/** Compiles changed sources. Call it first in each file that needs a build, so that no test waits for it. */
export async function build(): Promise<void> {
  const script = `import("./scripts/prepare.mjs").then((prepare) => prepare.ensureBuilt())`;
  await promisify(execFile)(process.execPath, ["-e", script], {
    cwd: resolve(__dirname, "..", ".."),
  });
}
