import { type Logger, pino } from "pino";
import type { Config } from "./config.js";

export type { Logger };

/** One JSON object per line on standard output. What could be secret never gets here, and is cut if it does. */
export function createLogger(level: Config["logLevel"]): Logger {
  return pino({
    level,
    base: null,
    redact: ["*.authorization", "*.password", "*.token", "*.secret"],
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
