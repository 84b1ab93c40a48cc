import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

/** Long enough for a build on a slow machine. */
export const BUILD_MS = 180_000;

/** Compiles what has changed. To be done first in each file that needs it, so that no test has to wait for it. */
export async function build(): Promise<void> {
  const script = `import("./scripts/prepare.mjs").then((prepare) => prepare.ensureBuilt())`;
  await promisify(execFile)(process.execPath, ["-e", script], {
    cwd: resolve(__dirname, "..", ".."),
  });
}
