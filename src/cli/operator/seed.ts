import type { Command } from "commander";
import { type CommandLine, examples, group } from "../command-line.js";
import { MAX_LOAD_USERS } from "../../demo/load-limit.js";
import { exitCodes } from "../exit-codes.js";
import { CliError, interrupted, usageError } from "../faults.js";
import { Progress } from "../progress.js";
import { whole } from "../readers.js";

export function addSeedCommands(program: Command, line: CommandLine): void {
  const seed = group(program, "seed", "made-up people, for trying things and for measuring");

  seed
    .command("demo")
    .description("a small contact centre to try things on, in a database without people")
    .addHelpText("after", examples("seed demo"))
    .action(
      line.doing(async () => {
        const { env } = line.terminal;
        if (env["NODE_ENV"] === "production") {
          throw usageError("NODE_ENV is production, and everybody knows the passwords of the demo");
        }
        const { openOperatorsDatabase } = await import("./database.js");
        const { seedDemo } = await import("../../demo/seed-demo.js");
        const { dataSource, close } = await openOperatorsDatabase(line.terminal);
        try {
          const isSeeded = await seedDemo(dataSource);
          if (isSeeded) return { data: { seeded: true }, text: () => "The demo is there" };
          throw new CliError("CONFLICT", "There are people already", exitCodes.refused);
        } finally {
          await close();
        }
      }),
    );

  seed
    .command("load")
    .description("many made-up people, for measuring; goes on where it was stopped")
    .option("--users <count>", "how many", whole(1, MAX_LOAD_USERS), 100_000)
    .option("--agents <count>", "how many of them; without it: a fifth", whole(0, MAX_LOAD_USERS))
    .addHelpText("after", examples("seed load --users 1000 --agents 200"))
    .action(
      line.doing<{ users: number; agents?: number }>(async ({ options }) => {
        const { users, agents = Math.floor(users / 5) } = options;
        if (agents > users) throw usageError("--agents must not be more than --users");
        const { stderr, signal } = line.terminal;
        const { openOperatorsDatabase } = await import("./database.js");
        const { seedLoad } = await import("../../demo/seed-load.js");
        const { dataSource, close } = await openOperatorsDatabase(line.terminal);
        const progress = new Progress(stderr, "Seeding");
        try {
          const onProgress = (done: number, total: number) => {
            if (signal.aborted) throw interrupted();
            progress.show(done, total);
          };
          onProgress(0, users);
          await seedLoad(dataSource, { users, agents, onProgress });
          return { data: { users, agents }, text: () => `${users} users are there` };
        } finally {
          progress.end();
          await close();
        }
      }),
    );
}
