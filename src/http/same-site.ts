import type { IncomingHttpHeaders } from "node:http";

/** Headers that a page can send to another site only after a preflight (CORS). */
const preflightedHeaders = [
  "x-requested-by",
  "apollo-require-preflight",
  "x-apollo-operation-name",
];

const ownSites = new Set(["same-origin", "same-site", "none"]);

/**
 * Whether a page of another site cannot have caused this request. Current browsers name the origin in Sec-Fetch-Site, older ones in
 * Origin, at least when the page could read the response.
 */
export function isSameSite(headers: IncomingHttpHeaders): boolean {
  if (preflightedHeaders.some((name) => headers[name])) return true;
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return typeof site === "string" && ownSites.has(site);
  const { origin, host } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
