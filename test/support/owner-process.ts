import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const children: ChildProcess[] = [];

/** Spawns a Node process that starts the server of a data directory, so that a test can kill it. */
export function spawnOwner(dataDir: string) {
  const loader = join(__dirname, "register-typescript.cjs");
  const script = join(__dirname, "embedded-postgres-owner.ts");
  const child = spawn(process.execPath, ["-r", loader, script, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return { child, firstLine: once(createInterface(child.stdout), "line") };
}

export async function startOwner(dataDir: string) {
  const { child, firstLine } = spawnOwner(dataDir);
  const [url] = (await firstLine) as [string];
  return { child, url };
}

export async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

export function killOwners(): void {
  for (const child of children) child.kill("SIGKILL");
}
