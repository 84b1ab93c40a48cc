import { Readable, Writable } from "node:stream";
import { run } from "../../src/cli/run.js";

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
}

class Collected extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs one command in this process. Without a terminal, the output has no colours. */
export async function rollcall(args: readonly string[], around: Around = {}): Promise<CommandRun> {
  const { env = {}, stdin = "", signal = new AbortController().signal } = around;
  const [stdout, stderr] = [new Collected(), new Collected()];
  const code = await run(args, {
    env,
    stdin: Readable.from([stdin]),
    stdout,
    stderr,
    signal,
    releaseSignals: () => undefined,
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** The parsed output of a command with --json. @throws Error with its output when it failed */
export async function rollcallJson<Data>(args: readonly string[], around: Around): Promise<Data> {
  const { code, stdout, stderr } = await rollcall([...args, "--json"], around);
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return JSON.parse(stdout) as Data;
}

/** The arguments that a line of shell passes to `rollcall`: words, and quoted words. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "").slice(1);
