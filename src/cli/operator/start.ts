import type { Command } from "commander";
import { type CommandLine, examples } from "../command-line.js";

export function addStartCommand(program: Command, line: CommandLine): void {
  program
    .command("start")
    .description("run the gateway until a signal stops it; settings come from the environment")
    .addHelpText("after", examples("start"))
    .action(async () => {
      line.terminal.releaseSignals();
      // main.ts is the whole process; it handles signals and the exit code.
      await import("../../main.js");
    });
}
