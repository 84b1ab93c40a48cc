import type { LegacyCredential, WireRequest } from "../dialect.js";

export const keyHeaders = ["apikey", "x-api-key"] as const;
export const keyParameters = ["apikey", "api_key", "key"] as const;

/**
 * The Application Key, from any of these places: how the original accepts it is not published. Headers come
 * first, because a query string may have been copied from elsewhere with the rest of an address.
 */
export function clientexecCredential({
  headers,
  query,
}: WireRequest): LegacyCredential | undefined {
  const candidates = [
    ...keyHeaders.map((name) => headers[name]),
    secretOf(headers.authorization ?? ""),
    ...keyParameters.map((name) => query[name]),
  ];
  const secret = candidates.map((value) => [value].flat().at(-1)).find(Boolean);
  return secret === undefined ? undefined : { secret };
}

/** The secret of `Bearer …` or `Basic …`. */
function secretOf(authorization: string): string | undefined {
  const [, scheme, value = ""] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme === undefined) return undefined;
  return scheme.toLowerCase() === "bearer" ? value : longerHalf(value);
}

/** The key is the user or the password. A filler in the other half, such as an X, is shorter than any key. */
function longerHalf(base64: string): string {
  const pair = Buffer.from(base64, "base64").toString();
  const colon = pair.indexOf(":");
  const [user, password] = colon < 0 ? [pair, ""] : [pair.slice(0, colon), pair.slice(colon + 1)];
  return password.length > user.length ? password : user;
}
