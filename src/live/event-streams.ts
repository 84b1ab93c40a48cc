import type { FormattedExecutionResult } from "graphql";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Actor } from "../domain/actor.js";
import { formatGraphQLError } from "../errors/graphql.js";
import { type OperationRequest, RequestRefusal } from "../graphql/admission.js";
import { refuseGraphQL } from "../http/graphql-handler.js";
import { assertGraphQLRequest, readGraphQLParams } from "../http/graphql-request.js";
import { addressOf, bearerOf } from "../http/origin.js";
import { readBody } from "../http/read-body.js";
import type { Logger } from "../logger.js";
import type { Services } from "../services/index.js";
import type { Answers, LiveExecutor } from "./live-executor.js";
import type { OpenConnections } from "./open-connections.js";

export interface EventStreamOptions {
  readonly executor: LiveExecutor;
  readonly connections: OpenConnections;
  readonly services: Services;
  readonly logger: Logger;
  readonly maxBodyBytes: number;
  /** How long a reader may take nothing. */
  readonly stallTimeoutMs: number;
}

const KEEP_ALIVE_MS = 12_000;

/**
 * Server-sent events at `/graphql/stream`: the protocol GraphQL over SSE with a connection for each
 * subscription. Not by graphql-sse's own handler, which keeps whatever a slow reader has not taken
 * (docs/decisions/0014-live-transports.md).
 */
export class EventStreams {
  private readonly open = new Set<ServerResponse>();
  private readonly keepingAlive: NodeJS.Timeout;

  constructor(private readonly options: EventStreamOptions) {
    this.keepingAlive = setInterval(() => {
      for (const response of this.open) if (!response.writableNeedDrain) response.write(":\n\n");
    }, KEEP_ALIVE_MS).unref();
  }

  readonly handle = async (
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> => {
    let leave: (() => void) | undefined;
    try {
      const { services, connections, maxBodyBytes } = this.options;
      assertGraphQLRequest(request);
      const address = addressOf(request);
      const origin = { door: "GRAPHQL", requestId, address } as const;
      const actor = await services.authentication.authenticate(bearerOf(request) ?? "", origin);
      const body = request.method === "POST" ? await readBody(request, maxBodyBytes) : "";
      const params = readGraphQLParams(request, body);
      leave = await connections.add({ actor, end: () => response.end() });
      await this.tell(response, await this.subscribe(actor, params));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else refuseGraphQL(response, error, { requestId, logger: this.options.logger });
    } finally {
      leave?.();
      this.open.delete(response);
    }
  };

  /** Ends all streams without saying that they are complete, so that clients connect elsewhere. */
  close(): void {
    clearInterval(this.keepingAlive);
    for (const response of this.open) response.end();
  }

  /** A document that is refused is told in the stream, as the protocol asks. */
  private async subscribe(
    actor: Actor,
    request: OperationRequest,
  ): Promise<Answers | FormattedExecutionResult> {
    const { executor } = this.options;
    try {
      return await executor.subscribe(executor.prepare(actor, request));
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      return { errors: error.errors.map((e) => formatGraphQLError(e.toJSON(), e)) };
    }
  }

  private async tell(
    response: ServerResponse,
    answers: Answers | FormattedExecutionResult,
  ): Promise<void> {
    // Without `no-transform` a proxy may collect what should go out at once.
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
    });
    // Some browsers take the headers only with a first byte of the body.
    response.write(":\n\n");
    this.open.add(response);
    if (!(Symbol.asyncIterator in answers)) {
      await this.write(response, next(answers));
    } else {
      response.once("close", () => void answers.return?.());
      for await (const answer of answers) await this.write(response, next(answer));
    }
    if (response.writable) response.end("event: complete\ndata:\n\n");
  }

  /** Resolves when there is room for more; who takes nothing for too long is cut off. */
  private async write(response: ServerResponse, text: string): Promise<void> {
    if (!response.writable || response.write(text)) return;
    const stalled = AbortSignal.timeout(this.options.stallTimeoutMs);
    try {
      await once(response, "drain", { signal: stalled });
    } catch {
      response.destroy();
    }
  }
}

const next = (answer: FormattedExecutionResult): string =>
  `event: next\ndata: ${JSON.stringify(answer)}\n\n`;
