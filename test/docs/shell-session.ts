import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { makeTempDir } from "../support/temp-dir.js";

const MARK = "@@ next block";

/**
 * Runs blocks of shell one after the other in one shell, as a reader would. Only `curl` and `npm` are
 * replaced: the first because not every machine has it, the second by a script that prints its arguments.
 *
 * @returns the output of each block
 */
export async function paste(blocks: readonly string[]): Promise<string[]> {
  const prelude = [
    "set -eu",
    `curl() { node '${join(__dirname, "curl.mjs")}' "$@"; }`,
    `npm() { echo "npm $*"; }`,
  ].join("\n");
  const script = [prelude, ...blocks].join(`\necho; echo '${MARK}'\n`);
  const directory = makeTempDir();
  const path = `${dirname(process.execPath)}:${process.env["PATH"]}`;
  try {
    const { stdout } = await promisify(execFile)("sh", ["-c", script], {
      cwd: directory,
      env: { PATH: path, LANG: "C.UTF-8" },
    });
    return stdout.split(`\n${MARK}\n`).slice(1);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
