/** Logging, metrics and tracing. Imports domain, config and errors only. */

import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "../../config/schema.js";
import { DomainError } from "../../errors/domain-error.js";
import { isMixedUpConnection } from "../../errors/postgres.js";
import { redacted } from "./redaction.js";

export type { Logger };

/**
 * Writes one JSON object per line. Secrets are not passed to the logger; the redaction is a second barrier.
 *
 * @param destination standard output by default
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

const PREPARED_STATEMENTS_ADVICE =
  "A pooler before Postgres does not keep prepared statements: set DATABASE_PREPARED_STATEMENTS=false, see docs/operations.md";

/** Loggers that have printed the advice. Without it, every request would log it again. */
const advised = new WeakSet<Logger>();

/** Logs what the caller does not receive. A domain error is logged only for its cause, if it has one. */
export function logFailure(logger: Logger, labels: object, error: unknown): void {
  if (error instanceof DomainError) {
    if (error.cause !== undefined) logger.warn({ ...labels, err: error.cause }, "unavailable");
    return;
  }
  logger.error({ ...labels, err: error }, "unexpected");
  if (isMixedUpConnection(error) && !advised.has(logger)) {
    advised.add(logger);
    logger.error(PREPARED_STATEMENTS_ADVICE);
  }
}
