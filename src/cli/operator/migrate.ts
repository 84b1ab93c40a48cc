import type { Command } from "commander";
import { type CommandLine, examples } from "../command-line.js";

export function addMigrateCommand(program: Command, line: CommandLine): void {
  program
    .command("migrate")
    .description("bring the database up to date; start does it too")
    .addHelpText("after", examples("migrate"))
    .action(
      line.doing(async () => {
        const { openOperatorsDatabase } = await import("./database.js");
        const database = await openOperatorsDatabase(line.terminal);
        await database.close();
        return { data: { upToDate: true }, text: () => "The database is up to date" };
      }),
    );
}
