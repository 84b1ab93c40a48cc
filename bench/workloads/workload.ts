import type { Client } from "pg";
import type { WireRequest } from "../load/request.js";

/** The values of one request, from which each server's own way of asking for the same follows. */
export type Values = Readonly<Record<string, string | number>>;

export interface Workload {
  readonly name: string;
  /** What is asked for. */
  readonly title: string;
  readonly connections: number;
  /** Else it is of an old REST API. */
  readonly isGraphql: boolean;
  /** So many different ones are sent, in turn. */
  readonly values: (database: Client) => Promise<readonly Values[]>;
  /** As Rollcall is asked, and everybody whose schema is the same. */
  readonly request: (values: Values) => WireRequest;
  /** An answer without what differs from moment to moment. */
  readonly comparable: (answer: string) => unknown;
  /** What a request has written, without what differs from moment to moment; of those that write. */
  readonly written?: (database: Client, values: Values) => Promise<unknown>;
}

/** A GraphQL request, whose text stays and whose variables differ. */
export const graphql = (query: string, variables: object): WireRequest => ({
  method: "POST",
  path: "/graphql",
  body: JSON.stringify({ query, variables }),
});

export const wholly = (answer: string): unknown => JSON.parse(answer) as unknown;

/** What was asked for: what a request has cost, Rollcall tells beside it. */
export function withoutExtensions(answer: string): unknown {
  const { data, errors } = JSON.parse(answer) as { data: unknown; errors?: unknown };
  return { data, errors };
}

/** As `src/database/pagination/keyset-page.ts` writes them: opaque to clients, but a benchmark begins anywhere. */
export const cursorAfter = (username: string): string =>
  Buffer.from(JSON.stringify(["username", username.toLowerCase()])).toString("base64url");

export const userId = (id: number): string => Buffer.from(`User:${id}`).toString("base64url");

/** So many, evenly spread over a number of rows. */
export const spread = (count: number, rows: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
