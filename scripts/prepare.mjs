// Prepares a checkout: installs dependencies as in package-lock.json and builds dist/ from the sources. Plain
// Node, because nothing is installed yet. When both are up to date it only compares hashes, without npm and
// network.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";

import { withLock } from "./lock.mjs";

export const root = resolve(import.meta.dirname, "..");

const lock = join(root, ".rollcall-lock");
const packageLock = join(root, "package-lock.json");
const installStamp = join(root, "node_modules", ".rollcall-installed");
const buildStamp = join(root, "dist", ".built-from");
const buildInfo = join(root, "dist", ".tsbuildinfo");

export function ensureInstalled() {
  const expected = hashOf([packageLock], process.platform, process.arch);
  const isDone = () => readIfExists(installStamp) === expected || isInstalledByNpm(expected);
  if (!isDone()) withLock(lock, () => isDone() || install(expected));
}

export function ensureBuilt() {
  const expected = hashOf(sources());
  const isDone = () => readIfExists(buildStamp) === stampOfBuild(expected);
  if (!isDone()) withLock(lock, () => isDone() || build(expected));
}

function install(expected) {
  console.log("Installing dependencies…");
  rmSync(installStamp, { force: true }); // an interrupted install starts again
  // Includes development dependencies, whatever NODE_ENV is: the build needs the compiler.
  runNpm("ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error");
  writeFileSync(installStamp, expected);
}

function build(expected) {
  console.log("Building…");
  // Without a stamp the last build was interrupted, and the compiler's build info may be wrong.
  if (!existsSync(buildStamp)) rmSync(join(root, "dist"), { recursive: true, force: true });
  rmSync(buildStamp, { force: true });
  runNpm("run", "--silent", "build");
  removeOrphans(join(root, "dist"), root);
  writeFileSync(buildStamp, stampOfBuild(expected));
}

/** Whether `npm ci` or `npm install` was run by hand: npm writes its lock file last. */
function isInstalledByNpm(expectedStamp) {
  const installed = readIfExists(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  const { packages: actual } = JSON.parse(installed);
  const { packages: expected } = JSON.parse(readFileSync(packageLock, "utf8"));
  const isSame = Object.entries(expected).every(([path, { version, integrity, optional }]) => {
    if (path === "") return true;
    const found = actual[path];
    if (!found) return optional === true; // for another platform
    return found.version === version && found.integrity === integrity;
  });
  if (isSame) writeIfPossible(installStamp, expectedStamp);
  return isSame;
}

/** The peers of the benchmark are compiled separately. */
const isBenchPeer = (name) => /^(node_modules|peers)[\\/]/.test(name);

function sources() {
  const folders = ["src", "migrations", "scripts", "bench", "examples", "browser"].flatMap(
    (folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith(".ts") && !isBenchPeer(name))
        .map((name) => join(root, folder, name)),
  );
  const configs = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  configs.push(join("browser", "tsconfig.json"));
  return [...folders, ...configs.map((name) => join(root, name)), packageLock].sort();
}

/** Includes the time of the compiler's build info, so that a manual build invalidates the stamp. */
function stampOfBuild(sourceHash) {
  const notes = statSync(buildInfo, { throwIfNoEntry: false });
  return `${sourceHash} ${notes?.mtimeMs}`;
}

/** Removes compiled files without a source, which imports would still find. */
function removeOrphans(outputDir, sourceDir) {
  for (const entry of readdirSync(outputDir, { withFileTypes: true })) {
    const output = join(outputDir, entry.name);
    if (entry.isDirectory()) removeOrphans(output, join(sourceDir, entry.name));
    else if (/\.js(\.map)?$/.test(entry.name)) {
      const source = join(sourceDir, entry.name.replace(/\.js(\.map)?$/, ".ts"));
      if (!existsSync(source)) rmSync(output);
    }
  }
}

function hashOf(files, ...more) {
  const names = files.map((file) => relative(root, file));
  const hash = createHash("sha256").update(JSON.stringify([...more, ...names]));
  for (const file of files) hash.update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

/** Runs the npm that started this process, else the one in the path. */
function runNpm(...parameters) {
  const caller = process.env.npm_execpath;
  const isNpm = caller !== undefined && basename(caller) === "npm-cli.js";
  const [program, first] = isNpm ? [process.execPath, [caller]] : ["npm", []];
  const { status, signal, error } = spawnSync(program, [...first, ...parameters], {
    cwd: root,
    stdio: "inherit",
    shell: !isNpm && process.platform === "win32",
  });
  if (status === 0) return;
  const reason = error?.message ?? (signal ? `stopped by ${signal}` : `exit code ${status}`);
  console.error(`npm ${parameters[0]} failed: ${reason}`);
  process.exit(1);
}

function readIfExists(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function writeIfPossible(file, text) {
  try {
    writeFileSync(file, text);
  } catch {
    // Installed by another user and read-only: the next start compares again.
  }
}
