import type { ServerResponse } from "node:http";

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}

/** A refusal in GraphQL's own shape, for what is refused before GraphQL is reached. */
export const sendGraphQLRefusal = (
  response: ServerResponse,
  status: number,
  message: string,
  extensions: object,
  headers: Readonly<Record<string, string>> = {},
): void => sendJson(response, status, { errors: [{ message, extensions }] }, headers);
