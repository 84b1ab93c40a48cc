import type { Command } from "commander";
import { type CommandLine, examples } from "../command-line.js";

export function addStartCommand(program: Command, line: CommandLine): void {
  program
    .command("start")
    .description("run the gateway until it is told to stop; settings come from the environment")
    .addHelpText("after", examples("start"))
    .action(async () => {
      line.terminal.leaveSignals();
      // That file is the whole process: it takes over, signals and exit code included.
      await import("../../main.js");
    });
}
