import type { ApolloServer } from "@apollo/server";
import { type GraphQLFormattedError, OperationTypeNode } from "graphql";
import type { IncomingMessage } from "node:http";
import { Context } from "./context.js";
import type { Actor, Origin } from "../domain/actor.js";
import { unparsedOperation } from "../domain/endpoint.js";
import { DomainError, type ErrorCode } from "../errors/domain-error.js";
import { formatGraphQLErrors, internalGraphQLError, refusalExtensions } from "./errors.js";
import type { CompiledOperations } from "./execution/compiled-operations.js";
import {
  type ValidatedOperation,
  type OperationValidator,
  RequestRefusal,
} from "./validation/operation-validator.js";
import { type Logger, logFailure } from "../observability/logging/logger.js";
import type { Loaders } from "../loaders/index.js";
import { as, json, object } from "../domain/codec.js";
import type { Services } from "../services/index.js";
import type { OperationSpans } from "../observability/tracing/operation-spans.js";
import type { BufferedResponse } from "../http/buffered-response.js";
import type { RequestContext } from "../observability/request-context.js";
import type { ConcurrencyLimiter } from "../http/concurrency-limiter.js";
import { type GraphQLMediaType, mediaTypeFor } from "./media-type.js";
import {
  assertGraphQLRequest,
  type GraphQLParams,
  HttpError,
  readGraphQLParams,
} from "./http-request.js";
import { type Storing, withIdempotencyKey } from "../http/idempotency.js";
import { addressOf, bearerOf } from "../http/origin.js";
import { morePointsFor, type RateLimits } from "../http/rate-limit/limits.js";
import { BodyTooLargeError, ClientGoneError, readBody } from "../http/body.js";

export interface GraphQLHandlerOptions {
  readonly apollo: ApolloServer<Context>;
  readonly compiled: CompiledOperations;
  readonly validator: OperationValidator;
  readonly services: Services;
  readonly loaders: Loaders;
  readonly concurrency: ConcurrencyLimiter;
  readonly maxBodyBytes: number;
  readonly rateLimits: RateLimits;
  /** Null: nothing is traced. */
  readonly spans: OperationSpans | null;
  readonly logger: Logger;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly data?: unknown;
  /** The same, where it is text already. */
  readonly dataJson?: string;
  readonly extensions?: object;
}

/** GraphQL over HTTP: `POST /graphql` and `GET /graphql?query=…`. Who asks is known before the body is read. */
export function createGraphQLHandler(options: GraphQLHandlerOptions) {
  return async (
    request: IncomingMessage,
    response: BufferedResponse,
    requestContext: RequestContext,
  ) => {
    requestContext.endpoint = UNREAD;
    const mediaType = mediaTypeFor(request.headers.accept);
    const reply = mediaType
      ? await answerInTime(request, response, requestContext, mediaType, options)
      : faultReply(new HttpError(406, "The answer is JSON, which is not accepted"));
    requestContext.code = codeOf(reply);
    send(response, mediaType, reply);
  };
}

const UNREAD = unparsedOperation("GRAPHQL");

/** The first of its errors stands for all. */
export function codeOf({ errors }: Pick<Reply, "errors">): string | null {
  const code = errors?.[0]?.extensions?.code;
  return typeof code === "string" ? code : null;
}

/** @throws ClientGoneError, since there is nobody to be answered */
async function answerInTime(
  request: IncomingMessage,
  response: BufferedResponse,
  requestContext: RequestContext,
  mediaType: GraphQLMediaType,
  options: GraphQLHandlerOptions,
): Promise<Reply> {
  try {
    return await options.concurrency.withDeadline((deadline) =>
      answer(request, response, requestContext, deadline, mediaType, options),
    );
  } catch (error) {
    return refuse(error, mediaType, requestContext.requestId, options.logger);
  }
}

async function answer(
  request: IncomingMessage,
  response: BufferedResponse,
  requestContext: RequestContext,
  deadline: number,
  mediaType: GraphQLMediaType,
  options: GraphQLHandlerOptions,
): Promise<Reply> {
  const { services, maxBodyBytes, rateLimits } = options;
  assertGraphQLRequest(request);
  const secret = bearerOf(request);
  const address = addressOf(request);
  await rateLimits.takeForAddress(response, address);
  const { requestId } = requestContext;
  const origin: Origin = { door: "GRAPHQL", requestId, address, deadline };
  const { presumed, confirmed } = services.authentication.recognize(secret, origin);
  const asking = presumed ?? (await confirmed);
  requestContext.actor = asking;
  const receive = async (): Promise<Received> => {
    await rateLimits.takeForCredential(response, asking);
    const body = request.method === "POST" ? await readBody(request, maxBodyBytes) : "";
    return { request, response, requestContext, body, secret: secret ?? "", mediaType };
  };
  const received = receive();
  if (!presumed) return answerTo(asking, received, options);

  const answering = answerTo(presumed, received, options, confirmed);
  // Nothing is told to whom it is not for, not even what is wrong with their question.
  await answering.catch(() => undefined);
  const actor = await confirmed.catch((error: unknown) => {
    requestContext.actor = null;
    // What is still coming is not read.
    if (!request.complete) response.setHeader("connection", "close");
    throw error;
  });
  return actor === presumed ? answering : answerTo(actor, received, options);
}

interface Received {
  readonly request: IncomingMessage;
  readonly response: BufferedResponse;
  readonly requestContext: RequestContext;
  readonly body: string;
  readonly secret: string;
  readonly mediaType: GraphQLMediaType;
}

/** @param confirmed as long as it is not certain that the actor asks: who does. Nothing is changed before it is */
async function answerTo(
  actor: Actor,
  received: Promise<Received>,
  options: GraphQLHandlerOptions,
  confirmed?: Promise<Actor>,
): Promise<Reply> {
  const { validator, services, rateLimits, spans, logger } = options;
  const { request, response, requestContext, body, secret, mediaType } = await received;
  requestContext.actor = actor;
  const params = readGraphQLParams(request, body);
  const validated = validator.validate(actor, params);
  const { operation, endpoint, cost, refusal } = validated;
  requestContext.endpoint = endpoint;
  const isQuery = operation.operation === OperationTypeNode.QUERY;
  if (!isQuery && request.method === "GET") {
    throw new HttpError(405, "GET is for queries alone", { allow: "POST" });
  }
  const isReading = isQuery && request.headers["idempotency-key"] === undefined;
  if (!isReading && confirmed && (await confirmed) !== actor) throw new Error("somebody else asks");
  const more = morePointsFor(cost);
  if (more > 0) await rateLimits.takeForCredential(response, actor, more);
  const executeAs = (by: Actor) =>
    execute(options, new Context(by, services, options.loaders), params, validated);
  const run = () =>
    withIdempotencyKey({ request, body, actor, secret }, services, logger, executeAs, storing);
  const reply = await (spans ? spans.operation(endpoint, run) : run());
  if (refusal && !reply.errors) throw refusal;
  const status = toldStatus(reply.status, mediaType);
  return status === reply.status ? reply : { ...reply, status };
}

/** The status of a document that was read. */
const toldStatus = (
  status: number,
  { hidesStatus }: Pick<GraphQLMediaType, "hidesStatus">,
): number => (hidesStatus && status < 500 ? 200 : status);

async function execute(
  { apollo, compiled }: GraphQLHandlerOptions,
  contextValue: Context,
  params: GraphQLParams,
  { document, operation, cost }: ValidatedOperation,
): Promise<Reply> {
  const { variables = {} } = params;
  const isStranger = contextValue.actor.kind === "ANONYMOUS";
  const dataJson = await compiled.execute(document, operation, variables, contextValue);
  if (dataJson !== null) return { status: 200, dataJson, extensions: { cost } };
  contextValue.document = document;
  const { body, http } = await apollo.executeOperation(params, { contextValue });
  // Nothing here is answered in parts: the schema has no @defer and no @stream.
  if (body.kind !== "single") throw new Error("an answer in parts");
  const { errors, data } = body.singleResult;
  const retryAfter = http.headers.get("retry-after");
  const headers = retryAfter === undefined ? undefined : { "retry-after": retryAfter };
  // By what their document would cost strangers could tell whether it fits the schema.
  const extensions = isStranger && errors ? undefined : { cost };
  return { status: http.status ?? 200, headers, errors, data, extensions };
}

/** Codes of errors that may be gone when the request is sent again. */
const PASSING: readonly unknown[] = [
  "INTERNAL_SERVER_ERROR",
  "RATE_LIMITED",
  "SERVICE_UNAVAILABLE",
];

const storing: Storing<Reply> = {
  isFinal: ({ status, errors = [] }) =>
    status < 500 && !errors.some(({ extensions }) => PASSING.includes(extensions?.code)),
  codec: object<Reply>({
    status: "status",
    headers: as("headers", json()),
    errors: as("errors", json()),
    data: as("data", json()),
    dataJson: "dataJson",
    extensions: as("extensions", json()),
  }),
};

/** Of what is refused before GraphQL is reached. */
const REFUSAL_STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
};

/**
 * For other doors of GraphQL that answer by HTTP.
 *
 * @throws ClientGoneError, since there is nobody to be answered
 */
export function refuseGraphQL(
  response: BufferedResponse,
  error: unknown,
  { requestContext, logger }: { readonly requestContext: RequestContext; readonly logger: Logger },
): void {
  const reply = refuse(error, { hidesStatus: false }, requestContext.requestId, logger);
  requestContext.code = codeOf(reply);
  send(response, null, reply);
}

/** @throws ClientGoneError, since there is nobody to be answered */
function refuse(
  error: unknown,
  mediaType: Pick<GraphQLMediaType, "hidesStatus">,
  requestId: string,
  logger: Logger,
): Reply {
  if (error instanceof ClientGoneError) throw error;
  if (error instanceof RequestRefusal) {
    const errors = formatGraphQLErrors(error.errors);
    return {
      ...authenticateHeader(error.status),
      status: toldStatus(error.status, mediaType),
      errors,
    };
  }
  if (error instanceof HttpError) return faultReply(error);
  if (error instanceof BodyTooLargeError) {
    // What is still coming is not read.
    return faultReply(new HttpError(413, error.message, { connection: "close" }));
  }
  logFailure(logger, { requestId }, error);
  if (error instanceof DomainError) {
    const status = REFUSAL_STATUS[error.code] ?? 400;
    const errors = [{ message: error.message, extensions: refusalExtensions(error) }];
    return { ...authenticateHeader(status), ...retryHeader(error), status, errors };
  }
  return { status: 500, errors: [internalGraphQLError] };
}

const faultReply = ({ status, message, headers, code }: HttpError): Reply => ({
  status,
  headers,
  errors: [{ message, extensions: { code } }],
});

const authenticateHeader = (status: number): Pick<Reply, "headers"> =>
  status === 401 ? { headers: { "www-authenticate": "Bearer" } } : {};

const retryHeader = ({ details: { retryAfterSeconds } }: DomainError): Pick<Reply, "headers"> =>
  typeof retryAfterSeconds === "number"
    ? { headers: { "retry-after": String(retryAfterSeconds) } }
    : {};

function send(response: BufferedResponse, mediaType: GraphQLMediaType | null, reply: Reply): void {
  const contentType = mediaType?.contentType ?? "application/json; charset=utf-8";
  const body = bodyOf(reply);
  response.writeHead(reply.status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    ...reply.headers,
  });
  response.end(body);
}

const bodyOf = ({ errors, data, dataJson, extensions }: Reply): string =>
  dataJson === undefined
    ? JSON.stringify({ errors, data, extensions })
    : `{"data":${dataJson},"extensions":${JSON.stringify(extensions)}}`;
