import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { startEmbeddedPostgres } from "../src/embedded-postgres/index.js";
import { findPostmaster } from "../src/embedded-postgres/postmaster-pid.js";

/** This file runs from dist/bench. */
const MAIN = resolve(__dirname, "..", "src", "main.js");

export const ADMIN_KEY = "key-of-the-benchmark-0123456789abcdefgh";

export interface BenchGateway {
  readonly url: string;
  readonly pid: number;
}

export interface BenchServer {
  /** Of an empty database on its own Postgres. */
  readonly url: string;
  /** Of that Postgres. */
  readonly pid: number;
  /** Starts a gateway as a separate process. */
  readonly startGateway: (environment?: Record<string, string>) => Promise<BenchGateway>;
  /** Stops all processes and deletes the data. */
  readonly stop: () => Promise<void>;
}

export async function makeBenchServer(): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  chmodSync(dataDir, 0o755); // Postgres may run as another user.
  const postgres = await startEmbeddedPostgres({ dataDir, database: "bench" });
  const { pid = 0 } = findPostmaster(join(dataDir, "postgres", "cluster")) ?? {};
  const gateways: ChildProcess[] = [];
  return {
    url: postgres.url,
    pid,
    startGateway: async (environment = {}) => {
      const gateway = spawn(process.execPath, [MAIN], {
        env: {
          DATABASE_URL: postgres.url,
          ROLLCALL_ADMIN_KEY: ADMIN_KEY,
          ROLLCALL_HOST: "127.0.0.1",
          PORT: "0",
          LOG_LEVEL: "error",
          ...environment,
        },
        stdio: ["ignore", "inherit", "pipe"],
      });
      gateways.push(gateway);
      let output = "";
      for await (const line of createInterface(gateway.stderr)) {
        output += `${line}\n`;
        const [, url] = /GraphQL +(\S+)\/graphql/.exec(line) ?? [];
        if (url !== undefined) return { url, pid: gateway.pid ?? 0 };
      }
      throw new Error(`the gateway ended:\n${output}`);
    },
    stop: async () => {
      for (const gateway of gateways) {
        const isOver = gateway.exitCode !== null || gateway.signalCode !== null;
        const exited = isOver ? undefined : once(gateway, "exit");
        gateway.kill("SIGTERM");
        await exited;
      }
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
