import { ConfigError } from "../config/schema.js";
import { EmbeddedPostgresError } from "../embedded-postgres/index.js";
import { StartupError } from "../errors/startup-error.js";

/**
 * The text to print when the process cannot start: the message alone when it explains the remedy, else the
 * stack.
 */
export function startupFailureText(error: unknown): string {
  const isExplained = [ConfigError, EmbeddedPostgresError, StartupError].some(
    (explained) => error instanceof explained,
  );
  if (isExplained) return (error as Error).message;
  return `Rollcall failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
