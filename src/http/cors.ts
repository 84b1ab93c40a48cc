import type { IncomingMessage } from "node:http";
import type { BufferedResponse } from "./buffered-response.js";

/** @returns true for a preflight, which is answered then */
export type Cors = (request: IncomingMessage, response: BufferedResponse) => boolean;

const METHODS = "GET, POST, PUT, DELETE";

/** What the doors read, and what browsers ask about before they send it. */
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

/** What the doors tell beside the body. */
const ANSWER_HEADERS = [
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "X-Request-Id",
  "Idempotency-Replayed",
].join(", ");

const PREFLIGHT_SECONDS = "600";

/**
 * Lets pages of these sites ask, and read what is answered. Never with the browser's own credentials: there are
 * none, as the gateway sets no cookies. Any other site is answered as if there were no such rules.
 *
 * @returns null when there are none
 */
export function createCors(origins: readonly string[]): Cors | null {
  if (origins.length === 0) return null;
  const allowed = new Set(origins);
  return ({ method, headers }, response) => {
    // Also where it does not matter: a cache must not hand on an answer without these headers.
    response.headers["vary"] = "Origin";
    const { origin } = headers;
    if (origin === undefined || !allowed.has(origin)) return false;
    response.headers["access-control-allow-origin"] = origin;
    if (method !== "OPTIONS" || headers["access-control-request-method"] === undefined) {
      response.headers["access-control-expose-headers"] = ANSWER_HEADERS;
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
