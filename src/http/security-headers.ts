import type { IncomingMessage } from "node:http";
import { isHttps } from "./origin.js";

/** For data: a browser shows it nowhere, runs nothing in it, guesses no type, keeps no copy and tells nobody its address. */
const forData: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * On every answer, before its own headers, which replace those of the same name.
 *
 * @param request absent when it cannot be read
 * @param hstsSeconds for how long browsers come by HTTPS alone, once they have; 0: as they like
 */
export function securityHeaders(
  request?: IncomingMessage,
  hstsSeconds = 0,
): Readonly<Record<string, string>> {
  if (hstsSeconds === 0 || !request || !isHttps(request)) return forData;
  return { ...forData, "strict-transport-security": `max-age=${hstsSeconds}` };
}

/** What a page may do, by directive. */
export type PagePolicy = Readonly<Record<string, string>>;

/**
 * For a page: what it loads and runs carries the nonce, nothing is sent elsewhere, and nobody frames it.
 * Without Cross-Origin-Opener-Policy, of which browsers complain wherever the gateway is reached by plain HTTP.
 *
 * @param nonce a new one for each answer, in base64
 * @param more directives that this page needs besides, such as `font-src`
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
