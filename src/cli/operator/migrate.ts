import type { Command } from "commander";
import { type CommandLine, examples } from "../command-line.js";

export function addMigrateCommand(program: Command, line: CommandLine): void {
  program
    .command("migrate")
    .description("run pending migrations, as start does too")
    .addHelpText("after", examples("migrate"))
    .action(
      line.action(async () => {
        const { openOperatorDatabase } = await import("./database.js");
        const database = await openOperatorDatabase(line.terminal);
        await database.close();
        return { data: { upToDate: true }, text: () => "The database is up to date" };
      }),
    );
}
