import type { ServerResponse } from "node:http";
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
import type { Endpoint } from "../../domain/endpoint.js";
import type { RequestContext, TraceParent } from "../request-context.js";
import { HEALTH_PATHS, actorFields } from "../logging/request-log.js";

/**
 * The span of a stream would be exported when the stream ends, which may be never. Probes would be most of
 * all traces.
 */
const UNTRACED: readonly string[] = ["/graphql/stream", ...HEALTH_PATHS];

/**
 * Spans of requests, and of the operations in them. Apart from the path they contain nothing that a client
 * sent.
 */
export class OperationSpans {
  constructor(private readonly tracer: Tracer) {}

  /**
   * Starts the span of a request; it ends with the response.
   *
   * @param run is called within the span
   */
  request(response: ServerResponse, requestContext: RequestContext, run: () => void): void {
    const { path, address, method = "GET", traceParent } = requestContext.head;
    if (UNTRACED.includes(path)) {
      run();
      return;
    }
    const attributes = {
      "http.request.method": method,
      "url.path": path,
      "client.address": address,
      "rollcall.request_id": requestContext.requestId,
    };
    const span = this.tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes },
      parentOf(traceParent),
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
  // A refusal is a response and no failure; a client that disconnected got none.
  if (!response.headersSent || response.statusCode >= 500) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  for (const [name, id] of Object.entries(actorFields(actor))) {
    span.setAttribute(`rollcall.${name}`, String(id));
  }
  span.end();
}

const parentOf = (parent: TraceParent | null): Context =>
  parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
