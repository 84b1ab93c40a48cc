import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from "@apollo/server";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "../context.js";
import type { Actor } from "../domain/actor.js";
import { DomainError } from "../errors/domain-error.js";
import { refusalExtensions } from "../errors/graphql.js";
import { createLoaders } from "../loaders/index.js";
import type { Services } from "../services/index.js";
import { bearerOf } from "./origin.js";
import { BodyTooLargeError, readBody } from "./read-body.js";
import { sendGraphQLRefusal } from "./respond.js";

export interface GraphQLHandlerOptions {
  readonly apollo: ApolloServer<Context>;
  readonly services: Services;
  readonly maxBodyBytes: number;
}

/** `POST /graphql` and `GET /graphql?query=…`. Who asks is known before the body is read. */
export function createGraphQLHandler({ apollo, services, maxBodyBytes }: GraphQLHandlerOptions) {
  return async (request: IncomingMessage, response: ServerResponse, requestId: string) => {
    try {
      const actor = await services.authentication.authenticate(bearerOf(request), {
        door: "GRAPHQL",
        requestId,
      });
      const httpGraphQLRequest = await readRequest(request, maxBodyBytes);
      await execute(apollo, services, actor, httpGraphQLRequest, response);
    } catch (error) {
      refuse(error, response);
    }
  };
}

async function readRequest(
  request: IncomingMessage,
  maxBodyBytes: number,
): Promise<HTTPGraphQLRequest> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const { method = "GET", url = "/" } = request;
  const body = method === "POST" ? await readBody(request, maxBodyBytes) : "";
  return { method, headers, search: new URL(url, "http://gateway").search, body: parseJson(body) };
}

class MalformedBodyError extends Error {
  override readonly name = "MalformedBodyError";
}

function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedBodyError("the body is not JSON");
  }
}

async function execute(
  apollo: ApolloServer<Context>,
  services: Services,
  actor: Actor,
  httpGraphQLRequest: HTTPGraphQLRequest,
  response: ServerResponse,
): Promise<void> {
  const { body, headers, status } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest,
    context: () => Promise.resolve({ actor, services, loaders: createLoaders(services.reader) }),
  });
  response.writeHead(status ?? 200, Object.fromEntries(headers));
  if (body.kind === "complete") {
    response.end(body.string);
    return;
  }
  for await (const chunk of body.asyncIterator) response.write(chunk);
  response.end();
}

/** @throws what is nobody's fault but ours */
function refuse(error: unknown, response: ServerResponse): void {
  if (error instanceof DomainError) {
    const headers = error.code === "UNAUTHENTICATED" ? { "www-authenticate": "Bearer" } : undefined;
    const status = error.code === "UNAUTHENTICATED" ? 401 : 400;
    sendGraphQLRefusal(response, status, error.message, refusalExtensions(error), headers);
  } else if (error instanceof BodyTooLargeError) {
    // What is still coming is not read.
    const headers = { connection: "close" };
    sendGraphQLRefusal(response, 413, error.message, { code: "BAD_REQUEST" }, headers);
  } else if (error instanceof MalformedBodyError) {
    sendGraphQLRefusal(response, 400, error.message, { code: "BAD_REQUEST" });
  } else {
    throw error;
  }
}
