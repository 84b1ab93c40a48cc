/**
 * The framework of the commands: runs them and prints their results. The folder is the command line, a
 * GraphQL client; `local-client.ts` alone needs the gateway's own parts, so it may import every folder but
 * cluster.
 */

import { type Command } from "commander";
import { type GatewayClient, openClient, type Target } from "./gateway-client.js";
import { type Paint, painter, type Terminal } from "./terminal.js";

/** The result of a command: `data` is printed with `--json`, `text` otherwise. */
export interface CommandResult {
  readonly data: unknown;
  readonly text: (paint: Paint) => string;
  /** A hint for standard error, so that it does not mix with the data. */
  readonly note?: string;
  readonly exitCode?: number;
}

/** The arguments and options that commander has parsed. */
export interface Invocation<Options> {
  readonly args: readonly string[];
  readonly options: Options & GlobalOptions;
}

export interface GlobalOptions extends Target {
  readonly json?: true;
  readonly verbose?: true;
}

type Action = (this: Command) => Promise<void>;

/** One run of the command line: gives the commands their client and prints their results. */
export class CommandLine {
  exitCode = 0;

  constructor(readonly terminal: Terminal) {}

  /** An action that sends requests to a gateway. */
  clientAction<Options extends object = object>(
    work: (client: GatewayClient, invocation: Invocation<Options>) => Promise<CommandResult>,
  ): Action {
    return this.action<Options>(async (invocation) => {
      const client = await openClient(invocation.options, this.terminal);
      try {
        return await work(client, invocation);
      } finally {
        await client.close();
      }
    });
  }

  /** An action without a gateway. */
  action<Options extends object = object>(
    work: (invocation: Invocation<Options>) => Promise<CommandResult>,
  ): Action {
    const print = (result: CommandResult, isJson: boolean) => this.print(result, isJson);
    return async function () {
      const options = this.optsWithGlobals<Options & GlobalOptions>();
      print(await work({ args: this.processedArgs as string[], options }), options.json === true);
    };
  }

  private print({ data, text, note, exitCode = 0 }: CommandResult, isJson: boolean): void {
    const { stdout, stderr } = this.terminal;
    const output = isJson ? JSON.stringify(data) : text(painter(stdout));
    if (output !== "") stdout.write(`${output}\n`);
    if (note !== undefined && !isJson) stderr.write(`${painter(stderr)("dim", note)}\n`);
    this.exitCode = exitCode;
  }
}

/** A command that has subcommands. */
export function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description);
}

/** The examples below a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ rollcall ${line}`).join("\n")}`;
