import type { Client } from "pg";
import type { WireRequest } from "../load/request.js";

/** The values of one request, from which each server's request is built. */
export type Values = Readonly<Record<string, string | number>>;

export interface Workload {
  readonly name: string;
  /** The operation, for the report. */
  readonly title: string;
  readonly connections: number;
  /** Otherwise it is a request of a legacy REST API. */
  readonly isGraphql: boolean;
  /** Sent in this order, repeatedly. */
  readonly values: (database: Client) => Promise<readonly Values[]>;
  /** For Rollcall, and for all servers with the same schema. */
  readonly request: (values: Values) => WireRequest;
  /** The response without what differs between two executions. */
  readonly comparable: (response: string) => unknown;
  /** The rows that a request has written, without what differs between two executions. Only for changes. */
  readonly written?: (database: Client, values: Values) => Promise<unknown>;
}

/** A GraphQL request. */
export const graphql = (query: string, variables: object): WireRequest => ({
  method: "POST",
  path: "/graphql",
  body: JSON.stringify({ query, variables }),
});

export const wholly = (response: string): unknown => JSON.parse(response) as unknown;

/** Without the extensions, in which Rollcall reports the cost of a request. */
export function withoutExtensions(response: string): unknown {
  const { data, errors } = JSON.parse(response) as { data: unknown; errors?: unknown };
  return { data, errors };
}

/** As `src/database/pagination/keyset-page.ts` writes cursors. They are opaque to clients, but the benchmark starts anywhere. */
export const cursorAfter = (username: string): string =>
  Buffer.from(JSON.stringify(["username", username.toLowerCase()])).toString("base64url");

export const userId = (id: number): string => Buffer.from(`User:${id}`).toString("base64url");

/** `count` positions, evenly spread over a number of rows. */
export const spread = (count: number, rows: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
