import { type Command } from "commander";
import { type Gateway, openGateway, type Where } from "./gateway.js";
import { type Paint, painter, type Terminal } from "./terminal.js";

/** What a command has to tell: whole for machines, in short for people. */
export interface Told {
  readonly data: unknown;
  readonly text: (paint: Paint) => string;
  /** Something that must not get between the data. */
  readonly note?: string;
  readonly exitCode?: number;
}

/** What the command line was given, as commander has read it. */
export interface Given<Options> {
  readonly args: readonly string[];
  readonly options: Options & GlobalOptions;
}

export interface GlobalOptions extends Where {
  readonly json?: true;
  readonly verbose?: true;
}

type Action = (this: Command) => Promise<void>;

/** One run of the command line: gives the commands what they work with, and tells what they have to tell. */
export class CommandLine {
  exitCode = 0;

  constructor(readonly terminal: Terminal) {}

  /** A command about people: it asks a gateway. */
  asking<Options extends object = object>(
    work: (gateway: Gateway, given: Given<Options>) => Promise<Told>,
  ): Action {
    return this.doing<Options>(async (given) => {
      const gateway = await openGateway(given.options, this.terminal);
      try {
        return await work(gateway, given);
      } finally {
        await gateway.close();
      }
    });
  }

  /** Any other: it does its work itself. */
  doing<Options extends object = object>(work: (given: Given<Options>) => Promise<Told>): Action {
    const tell = (told: Told, isForMachines: boolean) => this.tell(told, isForMachines);
    return async function () {
      const options = this.optsWithGlobals<Options & GlobalOptions>();
      tell(await work({ args: this.processedArgs as string[], options }), options.json === true);
    };
  }

  private tell({ data, text, note, exitCode = 0 }: Told, isForMachines: boolean): void {
    const { stdout, stderr } = this.terminal;
    const words = isForMachines ? JSON.stringify(data) : text(painter(stdout));
    if (words !== "") stdout.write(`${words}\n`);
    if (note !== undefined && !isForMachines) stderr.write(`${painter(stderr)("dim", note)}\n`);
    this.exitCode = exitCode;
  }
}

/** A command that has commands. */
export function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description);
}

/** Stands below a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ rollcall ${line}`).join("\n")}`;
