import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "../../config/schema.js";
import { DomainError } from "../../errors/domain-error.js";
import { isMixedUpConnection } from "../../errors/postgres.js";
import { redacted } from "./redaction.js";

export type { Logger };

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
      formatters: { log: redacted },
      serializers: { err: (error: Error) => redacted(pino.stdSerializers.err(error)) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
}

const MIXED_UP_ADVICE =
  "A pooler before Postgres does not keep prepared statements: set DATABASE_PREPARED_STATEMENTS=false, see docs/operations.md";

/** Whose log says it already: there are as many of these errors as there are requests. */
const advised = new WeakSet<Logger>();

/** What the caller is not told, somebody else must be. A refusal is logged for its cause alone, if it has one. */
export function logFailure(logger: Logger, place: object, error: unknown): void {
  if (error instanceof DomainError) {
    if (error.cause !== undefined) logger.warn({ ...place, err: error.cause }, "unavailable");
    return;
  }
  logger.error({ ...place, err: error }, "unexpected");
  if (isMixedUpConnection(error) && !advised.has(logger)) {
    advised.add(logger);
    logger.error(MIXED_UP_ADVICE);
  }
}
