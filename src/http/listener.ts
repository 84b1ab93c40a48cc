import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Logger } from "../logger.js";
import { requestIdOf } from "./origin.js";
import { sendJson } from "./respond.js";

export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<void> | void;

export type Routes = Readonly<Record<string, Handler>>;

/** The front of every door: finds the handler by path, gives the request its id, logs one line for it. */
export function createListener(routes: Routes, logger: Logger): RequestListener {
  return (request, response) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(request);
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    response.setHeader("x-request-id", requestId);
    response.once("close", () => {
      const ms = Math.round(performance.now() - startedAt);
      const { method } = request;
      logger.info({ requestId, method, path, status: response.statusCode, ms }, "request");
    });
    const handler = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!handler) {
      sendJson(response, 404, { error: "Not found" });
      return;
    }
    Promise.resolve(handler(request, response, requestId)).catch((error: unknown) => {
      logger.error({ requestId, path, err: error }, "a request failed unexpectedly");
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: "Internal server error" });
    });
  };
}
