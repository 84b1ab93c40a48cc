import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** In bytes. */
export interface Memory {
  /** The resident set size of the process. */
  readonly rss: number;
  /** The size of its objects and buffers, including garbage that is not yet collected. */
  readonly heap: number;
}

export type ToGateway = "garbage out" | "peak";

export interface MeasuredGateway {
  readonly url: string;
  /** Collects the garbage and starts to measure. @returns the remaining memory */
  readonly begin: () => Promise<Memory>;
  /** The maximum since `begin`. */
  readonly peak: () => Promise<Memory>;
  readonly kill: () => Promise<void>;
}

/** A gateway in a process of its own. */
export async function startMeasuredGateway(
  environment: Record<string, string>,
): Promise<MeasuredGateway> {
  const loader = join(__dirname, "..", "..", "support", "register-typescript.cjs");
  const child = fork(join(__dirname, "measured-gateway.ts"), [], {
    execArgv: ["--expose-gc", "-r", loader],
    env: { ...process.env, NODE_ENV: "test", LOG_LEVEL: "error", ...environment },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { port } = await answerOf<{ port: number }>(child);
  const ask = (question: ToGateway) => {
    child.send(question);
    return answerOf<Memory>(child);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    begin: () => ask("garbage out"),
    peak: () => ask("peak"),
    kill: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** @throws when the process ends instead */
async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const [answer] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("the gateway ended"))),
  ])) as [Answer];
  return answer;
}
