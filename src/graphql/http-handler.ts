/**
 * The handler of `/graphql`, and the way into `src/graphql`: everything between HTTP and the schema of `src/resolvers`. `validation/`
 * checks documents, `execution/` executes them, `subscriptions/` serves WebSockets and event streams.
 *
 * The folder may use services, loaders and `src/http`; it does not know the resolvers, which `src/server.ts` passes in as a schema.
 */
import { OperationTypeNode } from "graphql";
import type { IncomingMessage } from "node:http";
import type { Actor, Origin } from "../domain/actor.js";
import { as, json, object } from "../domain/codec.js";
import { unparsedOperation } from "../domain/endpoint.js";
import { retryableCodes } from "../errors/domain-error.js";
import { ClientGoneError, readBody } from "../http/body.js";
import type { BufferedResponse } from "../http/buffered-response.js";
import type { ConcurrencyLimiter } from "../http/concurrency-limiter.js";
import { HttpError } from "../http/http-error.js";
import { type Storing, withIdempotencyKey } from "../http/idempotency.js";
import { addressOf, bearerOf } from "../http/origin.js";
import { morePointsFor, type RateLimits } from "../http/rate-limit/limits.js";
import type { Handler } from "../http/request-listener.js";
import type { Loaders } from "../loaders/index.js";
import { type Logger, logFailure } from "../observability/logging/logger.js";
import type { RequestContext } from "../observability/request-context.js";
import type { OperationSpans } from "../observability/tracing/operation-spans.js";
import type { Services } from "../services/index.js";
import { Context } from "./context.js";
import { isWorthLogging, toResponse } from "./errors.js";
import { assertGraphQLRequest, readGraphQLParams } from "./http-request.js";
import { availableTypes, type GraphQLMediaType, mediaTypeFor, statusFor } from "./media-type.js";
import type { Pipeline } from "./pipeline.js";
import { codeOf, type GraphQLResponse, writeResponse } from "./response.js";
import type { OperationValidator } from "./validation/operation-validator.js";

export interface GraphQLHandlerOptions {
  readonly validator: OperationValidator;
  readonly pipeline: Pipeline;
  readonly services: Services;
  readonly loaders: Loaders;
  readonly concurrency: ConcurrencyLimiter;
  readonly maxBodyBytes: number;
  readonly rateLimits: RateLimits;
  /** Null: nothing is traced. */
  readonly spans: OperationSpans | null;
  readonly logger: Logger;
}

const UNPARSED = unparsedOperation("GRAPHQL");

/** GraphQL over HTTP: `POST /graphql` and `GET /graphql?query=…`. */
export function createGraphQLHandler(options: GraphQLHandlerOptions): Handler {
  const { concurrency, logger } = options;
  return async (request, response, requestContext) => {
    requestContext.endpoint = UNPARSED;
    const mediaType = mediaTypeFor(request.headers.accept);
    if (!mediaType) {
      const types = availableTypes.join(", ");
      const error = new HttpError(406, `Not acceptable: available types are ${types}`);
      refuseGraphQL(response, error, { requestContext, logger });
      return;
    }
    try {
      const result = await concurrency.withDeadline((deadline) =>
        respond({ request, response, requestContext, mediaType, deadline }, options),
      );
      requestContext.code = codeOf(result);
      writeResponse(response, mediaType, result);
    } catch (error) {
      refuseGraphQL(response, error, { requestContext, logger, mediaType });
    }
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: BufferedResponse;
  readonly requestContext: RequestContext;
  readonly mediaType: GraphQLMediaType;
  /** By `performance.now()`. */
  readonly deadline: number;
}

/**
 * The steps of a request. Nothing of it is read, and no error of its content returned, before its credential is verified.
 *
 * @throws HttpError, RequestRefusal or DomainError when nothing is executed
 */
async function respond(call: Call, options: GraphQLHandlerOptions): Promise<GraphQLResponse> {
  const { request, response, requestContext, mediaType, deadline } = call;
  const { services, loaders, rateLimits, validator, pipeline, spans, logger } = options;
  assertGraphQLRequest(request);

  const address = addressOf(request);
  await rateLimits.takeForAddress(response, address);

  const secret = bearerOf(request);
  const { requestId } = requestContext;
  const origin: Origin = { door: "GRAPHQL", requestId, address, deadline };
  const actor = await services.authentication.authenticate(secret, origin);
  requestContext.actor = actor;
  await rateLimits.takeForCredential(response, actor);

  const body = request.method === "POST" ? await readBody(request, options.maxBodyBytes) : "";
  const params = readGraphQLParams(request, body);

  const { onlyIfItSucceeds, endpoint, ...validated } = validator.validate(actor, params);
  requestContext.endpoint = endpoint;
  assertAllowedByGet(request, validated.operation.operation);
  const points = morePointsFor(validated.cost);
  if (points > 0) await rateLimits.takeForCredential(response, actor, points);

  const operation = { ...validated, params, request };
  const executeAs = (by: Actor) => pipeline.run(operation, new Context(by, services, loaders));
  const idempotent = { request, body, actor, secret: secret ?? "" };
  const run = () => withIdempotencyKey(idempotent, services, logger, executeAs, storing);
  const result = await (spans ? spans.operation(endpoint, run) : run());
  if (onlyIfItSucceeds && !result.errors) throw onlyIfItSucceeds;
  return { ...result, status: statusFor(mediaType, result.status) };
}

/** @throws HttpError */
function assertAllowedByGet({ method }: IncomingMessage, operation: OperationTypeNode): void {
  if (method !== "GET" || operation === OperationTypeNode.QUERY) return;
  throw new HttpError(405, "Mutations are not allowed over GET", { allow: "POST" });
}

/** Codes of errors that may be gone when the request is repeated. */
const TRANSIENT_CODES: readonly unknown[] = ["INTERNAL_SERVER_ERROR", ...retryableCodes];

/** How the response to a request with an Idempotency-Key is stored. */
const storing: Storing<GraphQLResponse> = {
  isFinal: ({ status, errors = [] }) =>
    status < 500 && !errors.some(({ extensions }) => TRANSIENT_CODES.includes(extensions?.code)),
  codec: object<GraphQLResponse>({
    status: "status",
    headers: as("headers", json()),
    errors: as("errors", json()),
    data: as("data", json()),
    dataJson: "dataJson",
    extensions: as("extensions", json()),
  }),
};

/**
 * Responds to a request of which nothing was executed; also for event streams.
 *
 * @throws ClientGoneError, since no response can reach the client
 */
export function refuseGraphQL(
  response: BufferedResponse,
  error: unknown,
  {
    requestContext,
    logger,
    mediaType = null,
  }: {
    readonly requestContext: RequestContext;
    readonly logger: Logger;
    readonly mediaType?: GraphQLMediaType | null;
  },
): void {
  if (error instanceof ClientGoneError) throw error;
  if (isWorthLogging(error)) logFailure(logger, { requestId: requestContext.requestId }, error);
  const refused = toResponse(error, mediaType ?? undefined);
  requestContext.code = codeOf(refused);
  writeResponse(response, mediaType, refused);
}
