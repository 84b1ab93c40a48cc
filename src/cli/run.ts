import { CommanderError } from "commander";
import { CommandLine } from "./command-line.js";
import { exitCodes } from "./exit-codes.js";
import { CliError, interrupted, unreachable, usageError } from "./errors.js";
import { createProgram } from "./program.js";
import { sanitize, painter, type Terminal } from "./terminal.js";

/**
 * Runs one command and prints its result or its error.
 *
 * @returns the exit code; never throws
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const line = new CommandLine(terminal);
  try {
    await createProgram(line).parseAsync([...args], { from: "user" });
    return line.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.done;
    const error = await toCliError(thrown, terminal.signal);
    printError(error, thrown, terminal, args);
    return error.exitCode;
  }
}

async function toCliError(thrown: unknown, signal: AbortSignal): Promise<CliError> {
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof CommanderError) return usageError(usageMessage(thrown));
  if (signal.aborted) return interrupted();
  // These errors come from opening a database, so their modules are loaded already.
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

/** For a group without a subcommand, commander's message is its whole help. */
const usageMessage = ({ code, message }: CommanderError): string =>
  code === "commander.help" ? "A subcommand is required" : message.replace(/^error: /, "");

function printError(
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
  const fields = error.fields.map(({ path, message }) => `  ${path}: ${message}`);
  const message = fields.length > 0 ? ["Refused:", ...fields].join("\n") : error.message;
  stderr.write(`${paint("red", sanitize(message))}\n`);
  if (args.includes("--verbose") && error.code === "FAILED") {
    stderr.write(`${sanitize((thrown as Error).stack ?? "")}\n`);
  }
}
