import { ConfigError } from "../config/schema.js";
import { EmbeddedPostgresError } from "../embedded-postgres/index.js";
import { StartupError } from "../errors/startup-error.js";

/** What whoever started the process is told: the words alone where they say what to do, else the stack. */
export function startupFailureText(error: unknown): string {
  const isExplained = [ConfigError, EmbeddedPostgresError, StartupError].some(
    (explained) => error instanceof explained,
  );
  if (isExplained) return (error as Error).message;
  return `Rollcall failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
