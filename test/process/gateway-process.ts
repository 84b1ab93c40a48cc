import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findPostmaster } from "../../src/embedded-postgres/postmaster-pid.js";
import type { GraphQLAnswer } from "../support/gateway.js";
import { makeTempDir } from "../support/temp-dir.js";

export const root = resolve(__dirname, "..", "..");

export { build, BUILD_MS } from "../support/build.js";

// Starting processes and databases is slow on a busy machine.
jest.setTimeout(120_000);

const POLL_MS = 10;

/** An exited process: its complete output, and how it exited. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Null when none was printed. */
  readonly demoKey: string | null;
  readonly output: () => string;
  readonly ask: (
    secret: string | null,
    query: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<GraphQLAnswer>;
  readonly end: (signal: NodeJS.Signals) => Promise<Ended>;
}

const children: ChildProcess[] = [];
const dataDirs: string[] = [];

export function givenDataDir(): string {
  const dataDir = makeTempDir();
  dataDirs.push(dataDir);
  return dataDir;
}

/** The Postgres that runs on a data directory. */
export const postgresIn = (dataDir: string) => findPostmaster(join(dataDir, "postgres", "cluster"));

/** Runs the command of `npm start` on a free port, without the settings of this process. */
export function launch(environment: Record<string, string>): {
  child: ChildProcess;
  output: () => string;
  ended: Promise<Ended>;
} {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [join(root, "scripts", "start.mjs")], {
    cwd: root,
    env: { PATH, HOME, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  return { child, output: () => output, ended };
}

/** Starts it and waits until it is ready. */
export async function start(environment: Record<string, string>): Promise<GatewayProcess> {
  const { child, output, ended } = launch(environment);
  await said(/Rollcall is ready/, { child, output, ended });
  const url = /GraphQL +(\S+)\/graphql/.exec(output())?.[1] ?? "";
  return {
    child,
    url,
    demoKey: /Demo key +(\S+)/.exec(output())?.[1] ?? null,
    output,
    ask: (...asked) => askOver(url, ...asked),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Waits until the process prints this. @throws Error with its output when it exits before */
export async function said(words: RegExp, process: ReturnType<typeof launch>): Promise<void> {
  const gone = process.ended.then(() => true);
  while (!words.test(process.output())) {
    const isGone = await Promise.race([gone, sleep(POLL_MS, false)]);
    if (isGone) throw new Error(`it ended, saying:\n${process.output()}`);
  }
}

async function askOver(
  url: string,
  secret: string | null,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<GraphQLAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      ...headers,
    },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as Pick<GraphQLAnswer, "data" | "errors">;
  return { status: response.status, headers: response.headers, ...body };
}

/** Ends all processes that tests left running, and removes their directories. */
export function cleanUp(): void {
  for (const child of children) child.kill("SIGKILL");
  for (const dataDir of dataDirs) {
    const server = postgresIn(dataDir);
    if (server) process.kill(server.pid, "SIGKILL");
    rmSync(dataDir, { recursive: true, force: true });
  }
}
