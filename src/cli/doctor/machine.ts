import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname } from "node:path";
import { fault, type Finding, ok, warning } from "./finding.js";

const NODE_AT_LEAST = [20, 19] as const;
const MIN_FREE_BYTES = 1024 ** 3;
const PROBE_MS = 2000;

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [requiredMajor, requiredMinor] = NODE_AT_LEAST;
  const isEnough = major > requiredMajor || (major === requiredMajor && minor >= requiredMinor);
  if (isEnough) return ok("node", `Node ${version}`);
  return fault("node", `Node ${version} is too old`, "Install Node 20.19 or later");
}

/** Checks the data directory of the embedded Postgres: whether it is writable, and the free space. */
export async function checkDataDir(dataDir: string): Promise<Finding[]> {
  const existing = await nearestExistingPath(dataDir);
  const isDirectory = (await stat(existing)).isDirectory();
  const isWritable = await access(existing, constants.W_OK).then(
    () => isDirectory,
    () => false,
  );
  const rights = isWritable
    ? ok("data directory", `${dataDir} is writable`)
    : fault(
        "data directory",
        `${dataDir} is not writable`,
        "Set ROLLCALL_DATA_DIR to a directory of the account that runs Rollcall, or set DATABASE_URL",
      );
  const { bavail, bsize } = await statfs(isDirectory ? existing : dirname(existing));
  const free = bavail * bsize;
  const words = `${(free / 1024 ** 3).toFixed(1)} GB are free`;
  const disk =
    free >= MIN_FREE_BYTES
      ? ok("disk", words)
      : warning("disk", words, "Free some space: on a full disk every change fails");
  return [rights, disk];
}

async function nearestExistingPath(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    const parent = dirname(path);
    return parent === path ? path : nearestExistingPath(parent);
  }
}

/** Checks whether the port is free, or used by a Rollcall. */
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
