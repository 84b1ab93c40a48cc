import { CommanderError } from "commander";
import { CommandLine } from "./command-line.js";
import { exitCodes } from "./exit-codes.js";
import { CliError, interrupted, unreachable, usageError } from "./faults.js";
import { createProgram } from "./program.js";
import { harmless, painter, type Terminal } from "./terminal.js";

/** Runs one command. @returns the exit code; whatever goes wrong is told, and never thrown */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const line = new CommandLine(terminal);
  try {
    await createProgram(line).parseAsync([...args], { from: "user" });
    return line.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.done;
    const error = await explained(thrown, terminal.signal);
    tell(error, thrown, terminal, args);
    return error.exitCode;
  }
}

async function explained(thrown: unknown, signal: AbortSignal): Promise<CliError> {
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof CommanderError) return usageError(wordsOf(thrown));
  if (signal.aborted) return interrupted();
  // Only who has opened a database can have met these, and then they are loaded.
  const [{ ConfigError }, { StartupError }, { EmbeddedPostgresError }] = await Promise.all([
    import("../config/schema.js"),
    import("../errors/startup-error.js"),
    import("../embedded-postgres/index.js"),
  ]);
  const { message } = thrown as Error;
  if (thrown instanceof ConfigError) return usageError(message);
  if (thrown instanceof StartupError || thrown instanceof EmbeddedPostgresError) {
    return unreachable(message);
  }
  return new CliError("FAILED", `Rollcall failed: ${message}`, exitCodes.failed);
}

/** A group without a command shows its help instead of a message. */
const wordsOf = ({ code, message }: CommanderError): string =>
  code === "commander.help" ? "Which command?" : message.replace(/^error: /, "");

function tell(
  error: CliError,
  thrown: unknown,
  { stderr }: Terminal,
  args: readonly string[],
): void {
  if (args.includes("--json")) {
    const { code, message, details } = error;
    stderr.write(`${JSON.stringify({ error: { code, message, ...details } })}\n`);
    return;
  }
  const paint = painter(stderr);
  const faults = error.fields.map(({ path, message }) => `  ${path}: ${message}`);
  const words = faults.length > 0 ? ["Refused:", ...faults].join("\n") : error.message;
  stderr.write(`${paint("red", harmless(words))}\n`);
  if (args.includes("--verbose") && error.code === "FAILED") {
    stderr.write(`${harmless((thrown as Error).stack ?? "")}\n`);
  }
}
