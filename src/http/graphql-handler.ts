import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from "@apollo/server";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "../context.js";
import type { Actor } from "../domain/actor.js";
import { DomainError, type ErrorCode } from "../errors/domain-error.js";
import { refusalExtensions } from "../errors/graphql.js";
import { createLoaders } from "../loaders/index.js";
import type { Logger } from "../logger.js";
import type { Services } from "../services/index.js";
import { runOnce } from "./idempotency.js";
import { bearerOf } from "./origin.js";
import { BodyTooLargeError, readBody } from "./read-body.js";
import { sendGraphQLRefusal } from "./respond.js";

export interface GraphQLHandlerOptions {
  readonly apollo: ApolloServer<Context>;
  readonly services: Services;
  readonly maxBodyBytes: number;
  readonly logger: Logger;
}

interface GraphQLReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `POST /graphql` and `GET /graphql?query=…`. Who asks is known before the body is read. */
export function createGraphQLHandler({
  apollo,
  services,
  maxBodyBytes,
  logger,
}: GraphQLHandlerOptions) {
  return async (request: IncomingMessage, response: ServerResponse, requestId: string) => {
    try {
      const secret = bearerOf(request);
      const actor = await services.authentication.authenticate(secret, {
        door: "GRAPHQL",
        requestId,
      });
      const body = request.method === "POST" ? await readBody(request, maxBodyBytes) : "";
      const httpGraphQLRequest = toGraphQLRequest(request, body);
      const reply = await runOnce(
        { request, body, actor, secret: secret ?? "" },
        services,
        logger,
        (as, by) => execute(apollo, as, by, httpGraphQLRequest),
        isFinal,
      );
      response.writeHead(reply.status, reply.headers);
      response.end(reply.body);
    } catch (error) {
      refuse(error, response);
    }
  };
}

function toGraphQLRequest(request: IncomingMessage, body: string): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const { method = "GET", url = "/" } = request;
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
): Promise<GraphQLReply> {
  const { body, headers, status } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest,
    context: () => Promise.resolve({ actor, services, loaders: createLoaders(services.reader) }),
  });
  // Nothing here is answered in parts: the schema has no @defer and no @stream.
  if (body.kind !== "complete") throw new Error("an answer in parts");
  return { status: status ?? 200, headers: Object.fromEntries(headers), body: body.string };
}

/** Codes of errors that may be gone when the request is sent again. */
const PASSING: readonly unknown[] = ["INTERNAL_SERVER_ERROR", "RATE_LIMITED"];

/** What happened once and for all, and can be kept as the answer to the same request. */
function isFinal({ status, body }: GraphQLReply): boolean {
  const { errors = [] } = JSON.parse(body) as {
    errors?: readonly { extensions?: { code?: unknown } }[];
  };
  return status < 500 && !errors.some(({ extensions }) => PASSING.includes(extensions?.code));
}

/** Of what is refused before GraphQL is reached. */
const REFUSAL_STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  CONFLICT: 409,
};

/** @throws what is nobody's fault but ours */
function refuse(error: unknown, response: ServerResponse): void {
  if (error instanceof DomainError) {
    const headers = error.code === "UNAUTHENTICATED" ? { "www-authenticate": "Bearer" } : undefined;
    const status = REFUSAL_STATUS[error.code] ?? 400;
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
