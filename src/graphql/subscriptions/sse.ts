import type { FormattedExecutionResult } from "graphql";
import type { IncomingMessage } from "node:http";
import type { Actor } from "../../domain/actor.js";
import { unparsedOperation } from "../../domain/endpoint.js";
import { unauthenticated } from "../../errors/domain-error.js";
import { formatGraphQLErrors } from "../errors.js";
import { type OperationRequest, RequestRefusal } from "../validation/operation-validator.js";
import type { BufferedResponse } from "../../http/buffered-response.js";
import type { RequestContext } from "../../observability/request-context.js";
import { HttpError } from "../../http/http-error.js";
import { refuseGraphQL } from "../http-handler.js";
import { assertGraphQLRequest, readGraphQLParams } from "../http-request.js";
import { codeOf } from "../response.js";
import { addressOf, bearerOf } from "../../http/origin.js";
import { morePointsFor, type RateLimits } from "../../http/rate-limit/limits.js";
import { readBody } from "../../http/body.js";
import type { Logger } from "../../observability/logging/logger.js";
import type { Services } from "../../services/index.js";
import type { SubscriptionResults, SubscriptionExecutor } from "./executor.js";
import { CREDENTIAL_ENDED, type OpenConnections } from "./open-connections.js";
import { SseStream } from "./sse-stream.js";

export interface SseOptions {
  readonly executor: SubscriptionExecutor;
  readonly connections: OpenConnections;
  readonly services: Services;
  readonly rateLimits: RateLimits;
  readonly logger: Logger;
  readonly maxBodyBytes: number;
  /** How long a client may read nothing. */
  readonly stallTimeoutMs: number;
}

const KEEP_ALIVE_MS = 12_000;
const UNPARSED = unparsedOperation("GRAPHQL");

/**
 * Server-sent events at `/graphql/stream`: GraphQL over SSE in its distinct connections mode. The handler of
 * graphql-sse is not used because its buffer for slow clients is unbounded
 * (docs/decisions/0014-live-transports.md).
 */
export class SseTransport {
  private readonly open = new Set<SseStream>();
  private readonly keepAliveTimer: NodeJS.Timeout;
  private isClosing = false;

  constructor(private readonly options: SseOptions) {
    this.keepAliveTimer = setInterval(() => {
      for (const stream of this.open) stream.keepAlive();
    }, KEEP_ALIVE_MS).unref();
  }

  get count(): number {
    return this.open.size;
  }

  readonly handle = async (
    request: IncomingMessage,
    response: BufferedResponse,
    requestContext: RequestContext,
  ): Promise<void> => {
    requestContext.endpoint = UNPARSED;
    const { requestId } = requestContext;
    const { services, connections, rateLimits, logger } = this.options;
    const { maxBodyBytes, stallTimeoutMs } = this.options;
    const stream = new SseStream(response, stallTimeoutMs);
    let remove: (() => void) | undefined;
    try {
      assertEventStream(request);
      const address = addressOf(request);
      const origin = { door: "GRAPHQL", requestId, address } as const;
      await rateLimits.takeForAddress(response, address);
      const actor = await services.authentication.authenticate(bearerOf(request) ?? "", origin);
      requestContext.actor = actor;
      await rateLimits.takeForCredential(response, actor);
      const body = request.method === "POST" ? await readBody(request, maxBodyBytes) : "";
      const params = readGraphQLParams(request, body);
      remove = await connections.add({ actor, end: () => stream.end() });
      const results = await this.subscribe(requestContext, response, actor, params);
      await this.send(stream, response, results);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else refuseGraphQL(response, error, { requestContext, logger });
    } finally {
      remove?.();
      this.open.delete(stream);
    }
  };

  /** Ends all streams without `complete`, so that their clients reconnect to another process. */
  close(): void {
    this.isClosing = true;
    clearInterval(this.keepAliveTimer);
    for (const stream of this.open) stream.end();
  }

  private async send(
    stream: SseStream,
    response: BufferedResponse,
    results: SubscriptionResults | FormattedExecutionResult,
  ): Promise<void> {
    if (!stream.hasEnded && !this.isClosing) {
      this.open.add(stream);
      await stream.send(results);
      return;
    }
    // The connection ended before the first result.
    if (Symbol.asyncIterator in results) await results.return?.();
    if (this.isClosing) response.destroy();
    if (!response.destroyed) throw unauthenticated(CREDENTIAL_ENDED);
  }

  /** The errors of a refused document are sent in the stream, as the protocol requires. */
  private async subscribe(
    requestContext: RequestContext,
    response: BufferedResponse,
    actor: Actor,
    request: OperationRequest,
  ): Promise<SubscriptionResults | FormattedExecutionResult> {
    const { executor, rateLimits } = this.options;
    try {
      const prepared = executor.prepare(actor, request);
      requestContext.endpoint = prepared.endpoint;
      const more = morePointsFor(prepared.cost);
      if (more > 0) await rateLimits.takeForCredential(response, actor, more);
      return await executor.subscribe(prepared);
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      const errors = formatGraphQLErrors(error.errors);
      requestContext.code = codeOf({ errors });
      return { errors };
    }
  }
}

/** @throws HttpError */
function assertEventStream(request: IncomingMessage): void {
  assertGraphQLRequest(request);
  const accepted = (request.headers.accept ?? "*/*")
    .split(",")
    .map((range) => range.split(";", 1)[0]);
  if (!accepted.some((type) => /^\s*(text\/(event-stream|\*)|\*\/\*)\s*$/i.test(type ?? ""))) {
    throw new HttpError(406, "Not acceptable: available types are text/event-stream");
  }
}
