import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname } from "node:path";
import { fault, type Finding, ok, warning } from "./finding.js";

const NODE_AT_LEAST = [20, 19] as const;
const ENOUGH_BYTES = 1024 ** 3;
const PROBE_MS = 2000;

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = NODE_AT_LEAST;
  const isEnough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  if (isEnough) return ok("node", `Node ${version}`);
  return fault("node", `Node ${version} is too old`, "Install Node 20.19 or later");
}

/** Where the embedded Postgres keeps its data: whether that can be written, and how much more fits. */
export async function checkDataDir(dataDir: string): Promise<Finding[]> {
  const place = await nearestThatExists(dataDir);
  const isDirectory = (await stat(place)).isDirectory();
  const mayWrite = await access(place, constants.W_OK).then(
    () => isDirectory,
    () => false,
  );
  const rights = mayWrite
    ? ok("data directory", `${dataDir} can be written`)
    : fault(
        "data directory",
        `${dataDir} cannot be written`,
        "Set ROLLCALL_DATA_DIR to a directory of the account that runs Rollcall, or give DATABASE_URL",
      );
  const { bavail, bsize } = await statfs(isDirectory ? place : dirname(place));
  const free = bavail * bsize;
  const words = `${(free / 1024 ** 3).toFixed(1)} GB are free`;
  const disk =
    free >= ENOUGH_BYTES
      ? ok("disk", words)
      : warning("disk", words, "Make room: a full disk refuses all changes");
  return [rights, disk];
}

async function nearestThatExists(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    const parent = dirname(path);
    return parent === path ? path : nearestThatExists(parent);
  }
}

/** Whether the port can be listened on, or who does. */
export async function checkPort(host: string, port: number): Promise<Finding> {
  const problem = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const server = createServer().once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
  if (problem === null) return ok("port", `Port ${port} of ${host} is free`);
  if (problem.code === "EADDRINUSE" && (await isRollcall(port))) {
    return ok("port", `A Rollcall listens on port ${port}`);
  }
  const words = `Port ${port} of ${host} cannot be listened on: ${problem.message}`;
  return fault("port", words, "Stop what listens there, or set PORT or ROLLCALL_HOST");
}

async function isRollcall(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal });
    return ((await response.json()) as { status?: string } | null)?.status === "ok";
  } catch {
    return false;
  }
}
