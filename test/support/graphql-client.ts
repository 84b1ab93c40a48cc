import { Agent, type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import type { GraphQLAnswer } from "./gateway.js";

export type Ask = (
  secret: string | null,
  query: string,
  variables?: Record<string, unknown>,
  headers?: Readonly<Record<string, string>>,
) => Promise<GraphQLAnswer>;

/** Shorter than the server's keep-alive timeout, so that no connection closes while it is reused. */
const IDLE_MS = 2000;

/** Posts GraphQL over keep-alive connections, with a quarter of the CPU time of `fetch`. */
export function graphqlClient(gatewayUrl: string): { ask: Ask; close: () => void } {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });

  const post = (body: Buffer, headers: object): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request(`${gatewayUrl}/graphql`, { agent, method: "POST", headers: { ...headers } })
        .once("error", reject)
        .once("response", resolve)
        .end(body);
    });

  const ask: Ask = async (secret, query, variables, headers) => {
    const body = Buffer.from(JSON.stringify({ query, variables }));
    const response = await post(body, {
      accept: "*/*",
      "content-type": "application/json",
      "content-length": body.length,
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      ...headers,
    });
    const answer = (await json(response)) as Pick<GraphQLAnswer, "data" | "errors">;
    const { statusCode: status = 0, headersDistinct } = response;
    return { status, headers: headersOf(headersDistinct), ...answer };
  };

  return { ask, close: () => agent.destroy() };
}

function headersOf(received: NodeJS.Dict<string[]>): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(received)) {
    for (const value of values) headers.append(name, value);
  }
  return headers;
}
