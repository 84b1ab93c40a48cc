import type { Pool } from "pg";
import type { Config } from "../../config/schema.js";
import type { Logger } from "../logging/logger.js";
import { StartupError } from "../../errors/startup-error.js";
import { OperationSpans } from "./operation-spans.js";
import { traceStatements } from "./statement-spans.js";

export interface Tracing {
  readonly spans: OperationSpans;
  /** Exports the remaining spans, if the collector responds in time. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts tracing to a collector that accepts OTLP over HTTP. Only this function loads OpenTelemetry's SDK, so
 * that a process without a collector does not pay for it.
 *
 * @returns null without a collector
 * @throws StartupError when the SDK is not installed
 */
export async function startTracing(
  { url, serviceName }: Config["tracing"],
  pool: Pool,
  logger: Logger,
): Promise<Tracing | null> {
  if (url === null) return null;
  const { startExport } = await import("./export.js").catch((error: unknown) => {
    throw new StartupError(
      "Traces need the optional dependencies of package.json: install them, or unset OTEL_EXPORTER_OTLP_ENDPOINT",
      { cause: error },
    );
  });
  const { tracer, stop } = startExport(url, serviceName, logger);
  traceStatements(pool, tracer);
  return { spans: new OperationSpans(tracer), stop };
}
