// A lock file for one process at a time: two concurrent `npm ci` would leave an incomplete node_modules that
// looks complete.
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

const TOO_OLD_MS = 15 * 60_000; // longer than any install; the process id may belong to another process by then

/** Runs the work while this process holds the lock file. Waits while another living process holds it. */
export function withLock(file, work) {
  for (let isLogged = false; !take(file); isLogged = true) {
    if (!isLogged) console.log("Waiting for another process to finish its install or build…");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  const release = () => rmSync(file, { force: true });
  process.once("exit", release); // a failed step exits the process
  try {
    return work();
  } finally {
    process.off("exit", release);
    release();
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (isHeld(file)) return false;
  rmSync(file, { force: true });
  return take(file);
}

function isHeld(file) {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    if (Date.now() - statSync(file).mtimeMs > TOO_OLD_MS || holder === process.pid) return false;
    if (holder) process.kill(holder, 0); // empty: just being written
    return true;
  } catch (error) {
    return error.code !== "ESRCH"; // released just now, or it belongs to another user
  }
}
