import type { TestGateway } from "../../support/gateway.js";

export interface JtelAnswer {
  readonly status: number;
  /** The content type; null without one. */
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends a request below the base path as jtel's clients do. @param token null for none */
export async function askJtel(
  { url }: TestGateway,
  token: string | null,
  path: string,
  { method = "GET", base = "/rest/v1.0" } = {},
): Promise<JtelAnswer> {
  const headers: Record<string, string> =
    token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}${base}${path}`, { method, headers });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    headers: response.headers,
    text: await response.text(),
  };
}

export interface JtelRecords {
  readonly records: readonly (Readonly<Record<string, unknown>> & {
    readonly ID: number;
    readonly UID: string;
  })[];
  readonly count: number;
  readonly status: number;
}

export const recordsOf = ({ text }: JtelAnswer): JtelRecords => JSON.parse(text) as JtelRecords;

export const uidsOf = (answer: JtelAnswer): string[] =>
  recordsOf(answer).records.map(({ UID }) => UID);
