import type { IncomingMessage } from "node:http";
import type { LegacyConfig } from "../config/schema.js";
import { type Actor, anonymous, type Origin } from "../domain/actor.js";
import { type Endpoint, unparsedOperation } from "../domain/endpoint.js";
import { requirementOf } from "../domain/permission-table.js";
import {
  badInput,
  DomainError,
  isKeyConflict,
  rateLimited,
  unauthenticated,
} from "../errors/domain-error.js";
import type { BufferedResponse } from "../http/buffered-response.js";
import type { RequestContext } from "../observability/request-context.js";
import type { ConcurrencyLimiter } from "../http/concurrency-limiter.js";
import { addressOf } from "../http/origin.js";
import { as, json, object } from "../domain/codec.js";
import { type RateLimiter, secondsUntil } from "../http/rate-limit/limiter.js";
import type { RateLimits } from "../http/rate-limit/limits.js";
import { type Storing, withIdempotencyKey } from "../http/idempotency.js";
import { BodyTooLargeError, ClientGoneError, readBody } from "../http/body.js";
import { type Logger, logFailure } from "../observability/logging/logger.js";
import { inOperation } from "../services/idempotency/idempotent.js";
import type { Services } from "../services/index.js";
import { parse } from "../services/parse-input.js";
import { collectFields, parseWireBody } from "./body.js";
import {
  type Dialect,
  type HttpReply,
  type LegacyContext,
  type LegacyRoute,
  PAYLOAD_TOO_LARGE,
  type WireRequest,
} from "./dialect.js";
import { awaitFirstChunk, isStream, sendReply, type StreamLimits } from "./reply.js";
import { createRouter, type Match } from "./router.js";

export interface MountOptions {
  readonly services: Services;
  readonly config: LegacyConfig;
  readonly maxBodyBytes: number;
  readonly longLists: StreamLimits;
  readonly rateLimits: RateLimits;
  readonly concurrency: ConcurrencyLimiter;
  readonly logger: Logger;
}

interface MountedDialect {
  readonly dialect: Dialect;
  readonly basePath: string;
  readonly match: (method: string, path: string) => Match;
  readonly limit: RateLimiter | null;
  readonly unparsed: Endpoint;
}

/** @returns false for a path that belongs to no dialect */
export type LegacyHandler = (
  request: IncomingMessage,
  response: BufferedResponse,
  requestContext: RequestContext,
) => Promise<boolean>;

/**
 * Handles legacy requests: finds the dialect, authenticates, parses, calls the route's handler and responds.
 */
export function mountDialects(dialects: readonly Dialect[], options: MountOptions): LegacyHandler {
  const mountedDialects = dialects.flatMap((dialect): MountedDialect[] => {
    const basePath = dialect.basePath(options.config);
    if (basePath === null) return [];
    const calls = dialect.rateLimit?.callsPerMinute(options.config);
    const limit = calls === undefined ? null : options.rateLimits.limiter(dialect.name, calls);
    const match = createRouter(dialect);
    return [{ dialect, basePath, match, limit, unparsed: unparsedOperation(dialect.name) }];
  });
  // Omnidesk's base path starts with Clientexec's, so the longer path is tested first.
  mountedDialects.sort((a, b) => b.basePath.length - a.basePath.length);

  return async (request, response, requestContext) => {
    const startedAt = Date.now();
    const url = new URL(request.url ?? "/", "http://gateway");
    for (const mounted of mountedDialects) {
      const { dialect, basePath } = mounted;
      const path = ownPath(dialect, basePath, url.pathname);
      if (path === null) continue;
      requestContext.endpoint = mounted.unparsed;
      const wire: WireRequest = {
        method: request.method ?? "GET",
        path,
        headers: request.headers,
        query: collectFields([...url.searchParams]) as WireRequest["query"],
      };
      const reply = await handle(mounted, wire, request, response, requestContext, options);
      await sendReply(response, dialect, reply, startedAt, options.longLists);
      return true;
    }
    return false;
  };
}

/** The part of the path below the dialect's base; null when the path does not belong to the dialect. */
function ownPath(dialect: Dialect, basePath: string, pathname: string): string | null {
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return null;
  const path = pathname.slice(basePath.length).replace(/\/+$/, "");
  if (dialect.ownSegments === undefined) return path;
  return dialect.ownSegments.some((own) => path === `/${own}` || path.startsWith(`/${own}/`))
    ? path
    : null;
}

async function handle(
  { dialect, match, limit }: MountedDialect,
  wire: WireRequest,
  request: IncomingMessage,
  response: BufferedResponse,
  requestContext: RequestContext,
  options: MountOptions,
): Promise<HttpReply> {
  const matched = match(wire.method, wire.path);
  if (!matched) {
    requestContext.code = "UNKNOWN_PATH";
    return dialect.unknownPath;
  }
  if (!("route" in matched)) {
    requestContext.code = "WRONG_METHOD";
    return dialect.wrongMethod(matched.allowed);
  }
  const { route, endpoint, params } = matched;
  const { requestId } = requestContext;
  requestContext.endpoint = endpoint;
  const address = addressOf(request);

  const { concurrency } = options;
  const callWithDeadline = async (deadline: number): Promise<HttpReply> => {
    // Authenticates before reading the body: validation errors are returned to authenticated callers only.
    await options.rateLimits.takeForAddress(response, address);
    const origin: Origin = { door: dialect.name, requestId, address, deadline };
    const context = await authenticate(dialect, route, wire, origin, options);
    requestContext.actor = context.actor;
    await options.rateLimits.takeForCredential(response, context.actor);
    const raw = await readBody(request, options.maxBodyBytes);
    const { actor, credential, services } = context;
    const idempotentRequest = { request, body: raw, actor, secret: credential?.secret ?? "" };
    const run = async (by: Actor): Promise<HttpReply> => {
      const body = await parseWireBody(raw, request.headers, dialect);
      const input = parse(route.request, { params, query: wire.query, body });
      return route.handle({ ...context, actor: inOperation(by, 0, route.operation) }, input);
    };
    return withIdempotencyKey(idempotentRequest, services, options.logger, run, storage);
  };
  // A long list has its own time limits.
  const call = async (): Promise<HttpReply> => {
    const reply = await concurrency.withDeadline(callWithDeadline);
    return concurrency.withoutDeadline(() => awaitFirstChunk(reply));
  };
  const toRefusal = (error: unknown) =>
    refuse(dialect, route, error, requestContext, options.logger);
  if (!limit) return call().catch(toRefusal);

  const rate = await limit(`${route.method} ${route.path} ${address}`);
  const reply = rate.isExceeded
    ? toRefusal(rateLimited(secondsUntil(rate.resetsAt)))
    : await call().catch(toRefusal);
  return { ...reply, headers: { ...dialect.rateLimit?.headers(rate), ...reply.headers } };
}

/** A refusal is thrown, so it is not stored: its cause may be temporary. */
const storage: Storing<HttpReply> = {
  isFinal: ({ body }) => !isStream(body),
  codec: object<HttpReply>({
    status: "status",
    headers: as("headers", json()),
    body: as("body", json()),
  }),
};

async function authenticate(
  dialect: Dialect,
  route: LegacyRoute,
  wire: WireRequest,
  origin: Origin,
  { services, config }: MountOptions,
): Promise<LegacyContext> {
  const isOpen = requirementOf(route.operation).needs === "NONE";
  const credential = isOpen ? undefined : dialect.credential(wire);
  const actor: Actor = credential
    ? await services.authentication.authenticate(credential.secret, origin)
    : anonymous(origin);
  if (!isOpen && actor.kind === "ANONYMOUS") throw unauthenticated();
  if (credential?.rocketChatUserId !== undefined) {
    await services.authentication.assertIsUser(actor, credential.rocketChatUserId);
  }
  return { services, actor, config, credential };
}

/** @throws ClientGoneError, which the request listener handles: no response can be sent */
function refuse(
  dialect: Dialect,
  route: LegacyRoute,
  error: unknown,
  requestContext: RequestContext,
  logger: Logger,
): HttpReply {
  if (error instanceof ClientGoneError) throw error;
  requestContext.code = error instanceof DomainError ? error.code : "INTERNAL_SERVER_ERROR";
  if (error instanceof BodyTooLargeError) {
    const refusal = badInput([{ path: "body", message: "is too large" }]);
    requestContext.code = refusal.code;
    const reply = refusalOf(dialect, route, refusal);
    return {
      ...reply,
      status: PAYLOAD_TOO_LARGE,
      headers: { ...reply.headers, connection: "close" },
    };
  }
  logFailure(logger, { requestId: requestContext.requestId, door: dialect.name }, error);
  return error instanceof DomainError ? refusalOf(dialect, route, error) : dialect.internalError;
}

/** Responds in the dialect's format; `Retry-After` is a header in every dialect. */
function refusalOf(dialect: Dialect, { refusals }: LegacyRoute, error: DomainError): HttpReply {
  // An endpoint's own responses concern its operation, not a conflict of the idempotency key.
  const routeRefusal = isKeyConflict(error) ? undefined : refusals?.[error.code];
  const reply = (routeRefusal ?? dialect.errors[error.code])(error);
  const { retryAfterSeconds } = error.details;
  if (typeof retryAfterSeconds !== "number") return reply;
  return { ...reply, headers: { ...reply.headers, "retry-after": String(retryAfterSeconds) } };
}
