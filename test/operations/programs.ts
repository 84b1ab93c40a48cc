import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

const children: ChildProcess[] = [];

export const run = promisify(execFile);

export interface RunningGateway {
  readonly url: string;
  /** @returns the exit code */
  readonly stop: () => Promise<number | null>;
}

interface Program {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The user of the process; by default the current one. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** Starts a gateway by any command and waits until it is ready. @throws Error with its output when it exits before */
export async function startProgram({
  command,
  parameters,
  cwd,
  environment,
  user,
}: Program): Promise<RunningGateway> {
  const { PATH = "" } = process.env;
  const child = spawn(command, parameters, {
    cwd,
    env: { PATH, PORT: "0", ROLLCALL_HOST: "127.0.0.1", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
    ...user,
  });
  children.push(child);
  let said = "";
  const ended = once(child, "close") as Promise<[number | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, found] = /GraphQL +(\S+)\/graphql/.exec(said) ?? [];
      if (found !== undefined) resolve(found.replace("localhost", "127.0.0.1"));
    });
    ended.then(() => reject(new Error(`it ended, saying:\n${said}`)), reject);
  });
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      const [code] = await ended;
      return code;
    },
  };
}

export function killPrograms(): void {
  for (const child of children) child.kill("SIGKILL");
}
