import { setTimeout as sleep } from "node:timers/promises";
import { diag, DiagLogLevel, type Tracer } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { Logger } from "../logging/logger.js";
import { version } from "../../config/version.js";

/** An unreachable collector must not delay the shutdown. */
const LAST_EXPORT_MS = 2000;

/**
 * Starts the OpenTelemetry SDK. It reads further settings, such as headers and sampling, from the OTEL_…
 * variables.
 */
export function startExport(
  url: string,
  serviceName: string,
  logger: Logger,
): { readonly tracer: Tracer; readonly stop: () => Promise<void> } {
  const warn = (message: string) => logger.warn({ tracing: message }, "traces");
  const ignore = () => undefined;
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const named = resourceFromAttributes({
    "service.name": serviceName,
    "service.version": version,
  });
  const provider = new NodeTracerProvider({
    resource: detectResources({ detectors: [envDetector] }).merge(named),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  // Installs the context manager that follows a request through its callbacks.
  provider.register();
  return {
    tracer: provider.getTracer("rollcall", version),
    stop: async () => {
      const sent = provider.shutdown().catch((error: unknown) => {
        logger.warn({ err: error }, "the last traces could not be sent");
      });
      await Promise.race([sent, sleep(LAST_EXPORT_MS, undefined, { ref: false })]);
    },
  };
}
