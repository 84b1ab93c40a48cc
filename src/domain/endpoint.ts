import type { Door } from "./vocabulary.js";

/** The operation of a request, for logs, metrics and traces. Names are a closed set and never come from the client. */
export interface Endpoint {
  readonly door: Door;
  /** query, mutation or subscription; for REST the HTTP method. Empty while unknown. */
  readonly kind: string;
  /** The root field, or the path of the route with `:name` for its parameters. */
  readonly name: string;
}

/** For a request that is refused before its operation is parsed. */
export const unparsedOperation = (door: Door): Endpoint => ({ door, kind: "", name: "unread" });
