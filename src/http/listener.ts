import type { IncomingMessage, RequestListener } from "node:http";
import type { Logger } from "../logger.js";
import type { RequestMetrics } from "../metrics/request-metrics.js";
import type { OperationSpans } from "../tracing/operation-spans.js";
import type { BufferedResponse } from "./answer.js";
import type { Cors } from "./cors.js";
import { RequestContext } from "./exchange.js";
import { ClientGoneError } from "./read-body.js";
import { logRequest } from "./request-log.js";
import { sendJson } from "./respond.js";
import { securityHeaders } from "./security-headers.js";

export type Handler = (
  request: IncomingMessage,
  response: BufferedResponse,
  requestContext: RequestContext,
) => Promise<void> | void;

export type Routes = Readonly<Record<string, Handler>>;

/** Asked for every path that is not in the table. @returns false when the path is nobody's */
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
  /** What browsers are told at every door. */
  readonly cors: Cors | null;
  readonly hstsSeconds: number;
}

/** The front of every door: finds the handler by path, gives the request its id, logs one line for it, measures it. */
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
    const requestContext = new RequestContext(request);
    const { requestId } = requestContext;
    const path = pathOf(request);
    Object.assign(response.headers, securityHeaders(request, hstsSeconds));
    response.headers["x-request-id"] = requestId;
    response.once("close", () => {
      // Who went away was never answered.
      const status = response.headersSent ? response.statusCode : null;
      logRequest(logger, request, path, status, requestContext);
      metrics?.note(requestContext, status);
    });
    const failed = (error: unknown) => {
      if (error instanceof ClientGoneError) {
        logger.info({ requestId, path }, "the client went away before it had sent its request");
        return;
      }
      requestContext.code = "INTERNAL_SERVER_ERROR";
      logger.error({ requestId, path, err: error }, "a request failed unexpectedly");
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: "Internal server error" });
    };
    const run = () => void handle(path, request, response, requestContext).catch(failed);
    if (spans) spans.request(request, response, path, requestContext, run);
    else run();
  };
}

/** Without the query, which may hold a credential. */
const pathOf = ({ url = "/" }: IncomingMessage): string => url.split("?", 1)[0] ?? "/";
