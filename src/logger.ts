import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config.js";

export type { Logger };

/** A failed statement carries its values, which may be somebody's password hash or address. */
const STATEMENT_VALUES = ["parameters", "detail", "where", "driverError"].map(
  (key) => `err.${key}`,
);

/**
 * One JSON object per line. What could be secret never gets here, and is cut if it does.
 *
 * @param destination without it: standard output
 */
export function createLogger(level: Config["logLevel"], destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      redact: ["*.authorization", "*.password", "*.token", "*.secret", ...STATEMENT_VALUES],
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
}
