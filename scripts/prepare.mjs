// Brings a checkout into a state that runs: dependencies as in package-lock.json, dist/ as in the sources.
// Plain Node, since nothing is installed yet. When all is well it only compares hashes: no npm, no network.
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
  const wanted = hashOf([packageLock], process.platform, process.arch);
  const isDone = () => readIfThere(installStamp) === wanted || isInstalledByNpm(wanted);
  if (!isDone()) withLock(lock, () => isDone() || install(wanted));
}

export function ensureBuilt() {
  const wanted = hashOf(sources());
  const isDone = () => readIfThere(buildStamp) === stampOfBuild(wanted);
  if (!isDone()) withLock(lock, () => isDone() || build(wanted));
}

function install(wanted) {
  console.log("Installing dependencies…");
  rmSync(installStamp, { force: true }); // an install that is interrupted is done again
  // With development dependencies, whatever NODE_ENV says: the build needs the compiler.
  runNpm("ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error");
  writeFileSync(installStamp, wanted);
}

function build(wanted) {
  console.log("Building…");
  // Without a stamp the last build was interrupted, and the compiler's notes on what it wrote may be wrong.
  if (!existsSync(buildStamp)) rmSync(join(root, "dist"), { recursive: true, force: true });
  rmSync(buildStamp, { force: true });
  runNpm("run", "--silent", "build");
  removeOrphans(join(root, "dist"), root);
  writeFileSync(buildStamp, stampOfBuild(wanted));
}

/** Whether somebody has run `npm ci` or `npm install` by hand: npm writes down what it installed, as its last act. */
function isInstalledByNpm(wantedStamp) {
  const installed = readIfThere(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  const { packages: actual } = JSON.parse(installed);
  const { packages: wanted } = JSON.parse(readFileSync(packageLock, "utf8"));
  const isSame = Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === "") return true;
    const found = actual[path];
    if (!found) return optional === true; // for another platform
    return found.version === version && found.integrity === integrity;
  });
  if (isSame) writeIfPossible(installStamp, wantedStamp);
  return isSame;
}

/** What the benchmark compares with has a compiler's run of its own. */
const isOfBenchedPeers = (name) => /^(node_modules|peers)[\\/]/.test(name);

function sources() {
  const folders = ["src", "migrations", "scripts", "bench", "examples", "browser"].flatMap(
    (folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith(".ts") && !isOfBenchedPeers(name))
        .map((name) => join(root, folder, name)),
  );
  const configs = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  configs.push(join("browser", "tsconfig.json"));
  return [...folders, ...configs.map((name) => join(root, name)), packageLock].sort();
}

/** The compiler's own notes are part of it: a build by hand in between makes the stamp worthless. */
function stampOfBuild(sourceHash) {
  const notes = statSync(buildInfo, { throwIfNoEntry: false });
  return `${sourceHash} ${notes?.mtimeMs}`;
}

/** Compiled files whose source is gone would still be found by whoever imports them. */
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

/** The npm that runs us, else the one in the path. */
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

function readIfThere(file) {
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
    // Installed by somebody else and only for us to read: the next start compares again.
  }
}
