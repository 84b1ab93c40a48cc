import type { IncomingHttpHeaders } from "node:http";

/** Headers that no page can send to another site unless that site has agreed beforehand (CORS). */
const preflightedHeaders = [
  "x-requested-by",
  "apollo-require-preflight",
  "x-apollo-operation-name",
];

const ownSites = new Set(["same-origin", "same-site", "none"]);

/**
 * Whether no other site's page can have made a browser send this. Browsers say where a request comes
 * from: new ones in Sec-Fetch-Site, older ones in Origin, at least where the page could read the answer.
 */
export function isSameSite(headers: IncomingHttpHeaders): boolean {
  if (preflightedHeaders.some((name) => headers[name])) return true;
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return typeof site === "string" && ownSites.has(site);
  const { origin, host } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
