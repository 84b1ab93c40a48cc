import type { IncomingMessage } from "node:http";
import { isHttps } from "./origin.js";

/** For data: a browser does not display or execute it, sniff its type, cache it or send its address as a referrer. */
const forData: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * The headers of every response, before its own, which replace those of the same name.
 *
 * @param request absent when it does not parse
 * @param hstsSeconds for how long browsers use HTTPS only, after the first response by HTTPS; 0: not sent
 */
export function securityHeaders(
  request?: IncomingMessage,
  hstsSeconds = 0,
): Readonly<Record<string, string>> {
  if (hstsSeconds === 0 || !request || !isHttps(request)) return forData;
  return { ...forData, "strict-transport-security": `max-age=${hstsSeconds}` };
}

/** A Content-Security-Policy, by directive. */
export type PagePolicy = Readonly<Record<string, string>>;

/**
 * The headers of a page: it loads and runs only what carries the nonce, connects to its own origin only, and cannot be framed.
 * Without Cross-Origin-Opener-Policy, about which browsers log an error whenever the gateway is reached by plain HTTP.
 *
 * @param nonce a new one for each response, in base64
 * @param more further directives of this page, such as `font-src`
 */
export function pageHeaders(nonce: string, more: PagePolicy = {}): Record<string, string> {
  const policy: PagePolicy = {
    "default-src": "'none'",
    "script-src": `'nonce-${nonce}'`,
    "style-src": `'nonce-${nonce}'`,
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    ...more,
    "frame-ancestors": "'none'",
  };
  return {
    "content-security-policy": Object.entries(policy)
      .map((directive) => directive.join(" "))
      .join("; "),
  };
}
