import type { IncomingMessage } from "node:http";
import type { BufferedResponse } from "./buffered-response.js";

/** @returns true for a preflight request, whose response is sent then */
export type Cors = (request: IncomingMessage, response: BufferedResponse) => boolean;

const METHODS = "GET, POST, PUT, DELETE";

/** The request headers that the APIs read and a browser sends only after a preflight. */
const REQUEST_HEADERS = [
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "X-Request-Id",
  "X-Requested-By",
  "Apollo-Require-Preflight",
  "X-Apollo-Operation-Name",
  "X-Auth-Token",
  "X-User-Id",
  "ApiKey",
  "X-Api-Key",
].join(", ");

/** The response headers that pages may read. */
const EXPOSED_HEADERS = [
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "X-Request-Id",
  "Idempotency-Replayed",
].join(", ");

const PREFLIGHT_SECONDS = "600";

/**
 * Allows pages of these origins to send requests and read the responses. Cookies are never allowed, since the gateway sets none. Other
 * origins receive responses without CORS headers.
 *
 * @returns null without origins
 */
export function createCors(origins: readonly string[]): Cors | null {
  if (origins.length === 0) return null;
  const allowed = new Set(origins);
  return ({ method, headers }, response) => {
    // On every response: a cache must not serve one without these headers to a page that needs them.
    response.headers["vary"] = "Origin";
    const { origin } = headers;
    if (origin === undefined || !allowed.has(origin)) return false;
    response.headers["access-control-allow-origin"] = origin;
    if (method !== "OPTIONS" || headers["access-control-request-method"] === undefined) {
      response.headers["access-control-expose-headers"] = EXPOSED_HEADERS;
      return false;
    }
    response.writeHead(204, {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": REQUEST_HEADERS,
      "access-control-max-age": PREFLIGHT_SECONDS,
    });
    response.end();
    return true;
  };
}
