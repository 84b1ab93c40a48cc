import { setTimeout as sleep } from "node:timers/promises";
import { diag, DiagLogLevel, type Tracer } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { Logger } from "../logging/logger.js";
import { version } from "../../config/version.js";

/** A collector that does not answer must not hold up a process that is told to stop. */
const LAST_EXPORT_MS = 2000;

/** What is not set here, such as headers and sampling, the SDK reads from OTEL_… variables by itself. */
export function startExport(
  url: string,
  serviceName: string,
  logger: Logger,
): { readonly tracer: Tracer; readonly stop: () => Promise<void> } {
  const say = (words: string) => logger.warn({ tracing: words }, "traces");
  const quiet = () => undefined;
  diag.setLogger(
    { error: say, warn: say, info: quiet, debug: quiet, verbose: quiet },
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
  // For the context that follows a request through its callbacks.
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
