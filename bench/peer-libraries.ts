import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** This file runs from dist/bench. */
const CHECKOUT = resolve(__dirname, "..", "..");
const BENCH = join(CHECKOUT, "bench");
const INSTALLED = join(BENCH, "node_modules", ".installed-lock.json");
const LOCK = join(BENCH, "package-lock.json");

function run(command: string, args: readonly string[], folder: string): void {
  const { status, error } = spawnSync(command, args, { cwd: folder, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(" ")} failed`);
}

/** Installs the packages of the peers, if missing, and compiles the peers. */
export function preparePeers(): void {
  const lock = readFileSync(LOCK, "utf8");
  if (!existsSync(INSTALLED) || readFileSync(INSTALLED, "utf8") !== lock) {
    run("npm", ["ci", "--no-audit", "--no-fund"], BENCH);
    writeFileSync(INSTALLED, lock);
  }
  const compiler = join(CHECKOUT, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [compiler, "-p", join(BENCH, "peers")], BENCH);
}

/** The versions of the packages. */
export function peerVersions(): Readonly<Record<string, string>> {
  const manifest = readFileSync(join(BENCH, "package.json"), "utf8");
  return (JSON.parse(manifest) as { dependencies: Record<string, string> }).dependencies;
}
