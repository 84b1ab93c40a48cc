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
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 unavailable: try later, 4 internal error, 130 interrupted.`;

/** The whole program: global options and all commands. */
export function createProgram(line: CommandLine): Command {
  const { stdout, stderr } = line.terminal;
  const paint = painter(stdout);
  const program = new Command("rollcall")
    .description("Users, agents and presence of a contact centre, from the command line.")
    .version(version, "-V, --version", "print the version")
    .option("--url <address>", "call this gateway instead of the database; default: ROLLCALL_URL")
    .option(
      "--key-file <file>",
      "file with the credential, - for standard input; default: ROLLCALL_KEY",
    )
    .option("--json", "print JSON; errors too, on standard error")
    .option("--verbose", "print the stack of an internal error")
    .helpOption("-h, --help", "print the help of a command")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => paint("bold", title) })
    .configureOutput({
      writeOut: (words) => void stdout.write(words),
      writeErr: (words) => void stderr.write(words),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      // `styleTitle` decides about colours, and the painter has checked the stream.
      getOutHasColors: () => true,
      getErrHasColors: () => true,
      // `run` prints errors, as it does all others.
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
