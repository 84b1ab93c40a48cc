import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { WireRequest } from "../load/request.js";
import type { Values, Workload } from "../workloads/workload.js";

/** A server that can be measured. */
export interface BenchedServer {
  /** In options and reports. */
  readonly name: string;
  /** Its parts, for the report. */
  readonly title: string;
  /** The program, which prints `listening` and its address. */
  readonly command: (databaseUrl: string) => {
    readonly program: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  readonly listening: RegExp;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: the server has no such operation. */
  readonly request: (workload: Workload, values: Values) => WireRequest | null;
  /** Turns its response into Rollcall's, if its schema differs. */
  readonly translate?: (workload: Workload, answer: string) => string;
}

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export async function startServer(
  { name, command, listening }: BenchedServer,
  databaseUrl: string,
): Promise<RunningServer> {
  const { program, args, env } = command(databaseUrl);
  const server = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream
      .setEncoding("utf8")
      .on("data", (text: string) => (output = (output + text).slice(-10_000)));
  }
  const found = new Promise<string>((resolve, reject) => {
    for (const input of [server.stdout, server.stderr]) {
      createInterface(input).on("line", (line) => {
        const [, url] = listening.exec(line) ?? [];
        if (url !== undefined) resolve(url);
      });
    }
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`${name} ended:\n${output}`)));
  });
  const url = await found;
  return { url, pid: server.pid ?? 0, stop: () => stopServer(server) };
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill("SIGTERM");
  await exited;
}
