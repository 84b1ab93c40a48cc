import type { Command } from "commander";
import { type CommandLine, examples, group } from "../command-line.js";
import { MAX_LOAD_USERS } from "../../demo/load/load-limit.js";
import { exitCodes } from "../exit-codes.js";
import { CliError, interrupted, usageError } from "../errors.js";
import { Progress } from "../progress.js";
import { whole } from "../argument-parsers.js";

export function addSeedCommands(program: Command, line: CommandLine): void {
  const seed = group(program, "seed", "generated users, for demos and benchmarks");

  seed
    .command("demo")
    .description("create a small contact centre in a database without users")
    .addHelpText("after", examples("seed demo"))
    .action(
      line.action(async () => {
        const { env } = line.terminal;
        if (env["NODE_ENV"] === "production") {
          throw usageError("NODE_ENV is production, and the passwords of the demo are public");
        }
        const { openOperatorDatabase } = await import("./database.js");
        const { seedDemo } = await import("../../demo/seed-demo.js");
        const { dataSource, close } = await openOperatorDatabase(line.terminal);
        try {
          const isSeeded = await seedDemo(dataSource);
          if (isSeeded)
            return { data: { seeded: true }, text: () => "The demo contact centre was created" };
          throw new CliError("CONFLICT", "There are users already", exitCodes.refused);
        } finally {
          await close();
        }
      }),
    );

  seed
    .command("load")
    .description("create many users for benchmarks; continues where it was stopped")
    .option("--users <count>", "number of users", whole(1, MAX_LOAD_USERS), 100_000)
    .option(
      "--agents <count>",
      "number of agents among them; default: a fifth",
      whole(0, MAX_LOAD_USERS),
    )
    .addHelpText("after", examples("seed load --users 1000 --agents 200"))
    .action(
      line.action<{ users: number; agents?: number }>(async ({ options }) => {
        const { users, agents = Math.floor(users / 5) } = options;
        if (agents > users) throw usageError("--agents must not be more than --users");
        const { stderr, signal } = line.terminal;
        const { openOperatorDatabase } = await import("./database.js");
        const { seedLoad } = await import("../../demo/load/seed-load.js");
        const { dataSource, close } = await openOperatorDatabase(line.terminal);
        const progress = new Progress(stderr, "Seeding");
        try {
          const onProgress = (done: number, total: number) => {
            if (signal.aborted) throw interrupted();
            progress.show(done, total);
          };
          onProgress(0, users);
          await seedLoad(dataSource, { users, agents, onProgress });
          return { data: { users, agents }, text: () => `There are ${users} users` };
        } finally {
          progress.end();
          await close();
        }
      }),
    );
}
