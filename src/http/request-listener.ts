/**
 * The entry of the HTTP server, and the way into `src/http`: what all HTTP APIs share, such as limits, CORS, bodies and headers.
 *
 * The folder knows HTTP only. It may use services for credentials and stored responses; it knows neither GraphQL nor the dialects.
 */
import type { IncomingMessage, RequestListener } from "node:http";
import type { Logger } from "../observability/logging/logger.js";
import type { RequestMetrics } from "../observability/metrics/request-metrics.js";
import type { OperationSpans } from "../observability/tracing/operation-spans.js";
import type { BufferedResponse } from "./buffered-response.js";
import type { Cors } from "./cors.js";
import { RequestContext, type RequestHead } from "../observability/request-context.js";
import { addressOf, requestIdOf, traceParentOf } from "./origin.js";
import { ClientGoneError } from "./body.js";
import { logRequest } from "../observability/logging/request-log.js";
import { sendJson } from "./json-response.js";
import { securityHeaders } from "./security-headers.js";

export type Handler = (
  request: IncomingMessage,
  response: BufferedResponse,
  requestContext: RequestContext,
) => Promise<void> | void;

export type Routes = Readonly<Record<string, Handler>>;

/** Handles the paths that are not in the table. @returns false for an unknown path */
export type PathHandler = (
  request: IncomingMessage,
  response: BufferedResponse,
  requestContext: RequestContext,
) => Promise<boolean>;

export interface ListenerOptions {
  readonly logger: Logger;
  /** Null: nothing is measured. */
  readonly metrics: RequestMetrics | null;
  /** Null: nothing is traced. */
  readonly spans: OperationSpans | null;
  /** Null: no other origin is allowed. */
  readonly cors: Cors | null;
  readonly hstsSeconds: number;
}

/** Creates the listener of all requests: gives each its id, finds the handler of its path, records it in log, metrics and trace. */
export function createRequestListener(
  routes: Routes,
  otherwise: PathHandler,
  { logger, metrics, spans, cors, hstsSeconds }: ListenerOptions,
): RequestListener<typeof IncomingMessage, typeof BufferedResponse> {
  const handle = async (
    path: string,
    ...[request, response, requestContext]: Parameters<PathHandler>
  ) => {
    if (cors?.(request, response)) return;
    const handler = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (handler) await handler(request, response, requestContext);
    else if (!(await otherwise(request, response, requestContext))) {
      sendJson(response, 404, { error: "Not found" });
    }
  };

  return (request, response) => {
    const requestContext = new RequestContext(headOf(request));
    const { requestId } = requestContext;
    const { path } = requestContext.head;
    Object.assign(response.headers, securityHeaders(request, hstsSeconds));
    response.headers["x-request-id"] = requestId;
    response.once("close", () => {
      // A client that disconnected received nothing.
      const status = response.headersSent ? response.statusCode : null;
      logRequest(logger, status, requestContext);
      metrics?.record(requestContext, status);
    });
    const failed = (error: unknown) => {
      if (error instanceof ClientGoneError) {
        logger.info({ requestId, path }, "client disconnected before its request was complete");
        return;
      }
      requestContext.code = "INTERNAL_SERVER_ERROR";
      logger.error({ requestId, path, err: error }, "a request failed unexpectedly");
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: "Internal server error" });
    };
    const run = () => void handle(path, request, response, requestContext).catch(failed);
    if (spans) spans.request(response, requestContext, run);
    else run();
  };
}

const headOf = (request: IncomingMessage): RequestHead => ({
  requestId: requestIdOf(request),
  method: request.method,
  path: pathOf(request),
  address: addressOf(request),
  traceParent: traceParentOf(request),
});

const pathOf = ({ url = "/" }: IncomingMessage): string => url.split("?", 1)[0] ?? "/";
