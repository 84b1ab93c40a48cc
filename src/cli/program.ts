import { Command } from "commander";
import { version } from "../config/version.js";
import { type CommandLine, examples } from "./command-line.js";
import { addImportCommands } from "./commands/import.js";
import { addKeyCommands } from "./commands/key.js";
import { addLockCommands } from "./commands/lock.js";
import { addReserveCommands } from "./commands/reserve.js";
import { addUserCommands } from "./commands/user.js";
import { addDoctorCommand } from "./operator/doctor.js";
import { addMigrateCommand } from "./operator/migrate.js";
import { addSeedCommands } from "./operator/seed.js";
import { addStartCommand } from "./operator/start.js";
import { painter } from "./terminal.js";

const EXIT_CODES = `
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no answer: try later, 4 a fault of Rollcall, 130 interrupted.`;

/** All commands, with their help. */
export function createProgram(line: CommandLine): Command {
  const { stdout, stderr } = line.terminal;
  const paint = painter(stdout);
  const program = new Command("rollcall")
    .description("Users, agents and presence of a contact centre, from the command line.")
    .version(version, "-V, --version", "print the version")
    .option("--url <address>", "ask this gateway, not the database; else ROLLCALL_URL")
    .option(
      "--key-file <file>",
      "the credential is in there, - for standard input; else ROLLCALL_KEY",
    )
    .option("--json", "answer in JSON, for machines; errors too, on standard error")
    .option("--verbose", "of a fault of Rollcall, show where it is")
    .helpOption("-h, --help", "what a command does")
    .helpCommand("help [command]", "what a command does")
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => paint("bold", title) })
    .configureOutput({
      writeOut: (words) => void stdout.write(words),
      writeErr: (words) => void stderr.write(words),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      // Whether there are any has been decided where they are made.
      getOutHasColors: () => true,
      getErrHasColors: () => true,
      // Told by whoever runs this, with everything else that goes wrong.
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText("after", examples("doctor", "user list --search ada", "key list --json"))
    .addHelpText("after", EXIT_CODES);
  addStartCommand(program, line);
  addDoctorCommand(program, line);
  addMigrateCommand(program, line);
  addSeedCommands(program, line);
  addUserCommands(program, line);
  addKeyCommands(program, line);
  addImportCommands(program, line);
  addLockCommands(program, line);
  addReserveCommands(program, line);
  return program;
}
