import type { Door } from "./vocabulary.js";

/** What a request asks for, in words of ours: what clients make up would be names without end. */
export interface Endpoint {
  readonly door: Door;
  /** query, mutation or subscription; at the other doors HTTP's method. Empty while it is not known. */
  readonly kind: string;
  /** The field of the schema or the route's path, with `:name` for what clients fill in. */
  readonly name: string;
}

/** Of a request at a door that is refused before it is known what it asks for. */
export const unparsedOperation = (door: Door): Endpoint => ({ door, kind: "", name: "unread" });
