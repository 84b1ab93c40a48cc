import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { Endpoint } from "../domain/endpoint.js";
import type { RequestContext } from "../http/exchange.js";
import { addressOf, traceParentOf } from "../http/origin.js";
import { HEALTH_PATHS, actorFields } from "../http/request-log.js";

/** A stream's span would be told of when it has ended, which may be never; probes would be most of all traces. */
const UNTRACED: readonly string[] = ["/graphql/stream", ...HEALTH_PATHS];

/** Spans of requests, and of the operations in them. Their names are ours; nothing that a client sent is in them but the path. */
export class OperationSpans {
  constructor(private readonly tracer: Tracer) {}

  /** Begins the span of a request, which ends with its answer. @param run is within it */
  request(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    requestContext: RequestContext,
    run: () => void,
  ): void {
    if (UNTRACED.includes(path)) {
      run();
      return;
    }
    const { method = "GET" } = request;
    const attributes = {
      "http.request.method": method,
      "url.path": path,
      "client.address": addressOf(request),
      "rollcall.request_id": requestContext.requestId,
    };
    const span = this.tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes },
      parentOf(request),
    );
    requestContext.traceId = span.spanContext().traceId;
    response.once("close", () => endRequest(span, method, response, requestContext));
    context.with(trace.setSpan(context.active(), span), run);
  }

  /** The span of a GraphQL operation, within that of its request. */
  async operation<Result>({ kind, name }: Endpoint, run: () => Promise<Result>): Promise<Result> {
    const attributes = { "graphql.operation.type": kind, "rollcall.operation": name };
    return this.tracer.startActiveSpan(`${kind} ${name}`, { attributes }, async (span) => {
      try {
        return await run();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

function endRequest(
  span: Span,
  method: string,
  response: ServerResponse,
  { endpoint, code, actor }: RequestContext,
): void {
  if (response.headersSent) span.setAttribute("http.response.status_code", response.statusCode);
  if (endpoint) {
    const { door, name } = endpoint;
    const route = door === "GRAPHQL" ? "/graphql" : name;
    span.updateName(`${method} ${route}`);
    span.setAttributes({ "rollcall.door": door, "http.route": route });
  }
  if (code !== null) span.setAttribute("error.type", code);
  // A refusal is an answer; whoever left was not answered.
  if (!response.headersSent || response.statusCode >= 500) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  for (const [name, id] of Object.entries(actorFields(actor))) {
    span.setAttribute(`rollcall.${name}`, String(id));
  }
  span.end();
}

/** What a trusted proxy says that the request is part of. */
function parentOf(request: IncomingMessage): Context {
  const parent = traceParentOf(request);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
}
