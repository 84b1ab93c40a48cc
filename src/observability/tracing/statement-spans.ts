import {
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { Pool, PoolClient } from "pg";

type Query = (...args: unknown[]) => unknown;
type Callback = (error: unknown, ...rest: unknown[]) => unknown;

/**
 * Spans of the statements of requests, and of the transactions around them. Background work has none. The
 * spans contain the SQL text but no values.
 */
export function traceStatements(pool: Pool, tracer: Tracer): void {
  const traced = new WeakSet<PoolClient>();
  pool.on("acquire", (client: PoolClient) => {
    if (traced.has(client)) return;
    traced.add(client);
    const statements = new Statements(client.query.bind(client), tracer);
    client.query = statements.query as PoolClient["query"];
  });
  // The pool calls a waiting callback in the context of the request that released the connection; this restores
  // its own.
  const connect = pool.connect.bind(pool) as (callback?: Callback) => unknown;
  pool.connect = ((callback?: Callback) =>
    connect(callback && context.bind(context.active(), callback))) as Pool["connect"];
}

/** The statements of one connection. */
class Statements {
  private transaction: { readonly span: Span; readonly context: Context } | null = null;

  constructor(
    private readonly send: Query,
    private readonly tracer: Tracer,
  ) {}

  readonly query: Query = (...args) => {
    const text = textOf(args[0]);
    if (text === undefined || !trace.getActiveSpan()?.isRecording()) return this.send(...args);
    const verb = /\w+/.exec(text)?.[0].toUpperCase() ?? "";
    if (verb === "START") this.beginTransaction();
    const span = this.tracer.startSpan(
      verb,
      {
        kind: SpanKind.CLIENT,
        attributes: {
          "db.system.name": "postgresql",
          "db.operation.name": verb,
          "db.query.text": text,
        },
      },
      this.transaction?.context,
    );
    const onEnd = (error?: unknown) => {
      fail(span, error);
      span.end();
      if (verb === "COMMIT" || verb === "ROLLBACK") this.endTransaction(error, verb);
    };
    return this.sendThen(args, onEnd);
  };

  /** With a callback, wraps the callback. With a promise, returns the same promise. */
  private sendThen(args: unknown[], onEnd: (error?: unknown) => void): unknown {
    const last = args.at(-1);
    if (typeof last === "function") {
      const callback = last as Callback;
      return this.send(...args.slice(0, -1), (error: unknown, ...rest: unknown[]) => {
        onEnd(error);
        return callback(error, ...rest);
      });
    }
    const result = this.send(...args);
    if (result instanceof Promise) result.then(() => onEnd(), onEnd);
    else onEnd();
    return result;
  }

  private beginTransaction(): void {
    const span = this.tracer.startSpan("transaction");
    this.transaction = { span, context: trace.setSpan(context.active(), span) };
  }

  private endTransaction(error: unknown, verb: string): void {
    const { span } = this.transaction ?? {};
    this.transaction = null;
    if (!span) return;
    span.setAttribute("rollcall.outcome", verb.toLowerCase());
    fail(span, error);
    span.end();
  }
}

/** Cursors and streams get no span. */
function textOf(statement: unknown): string | undefined {
  if (typeof statement === "string") return statement;
  if (typeof statement !== "object" || statement === null || "submit" in statement)
    return undefined;
  const { text } = statement as { readonly text?: unknown };
  return typeof text === "string" ? text : undefined;
}

/** Records only the code: Postgres messages may contain parameter values. */
function fail(span: Span, error: unknown): void {
  if (!error) return;
  const { code } = error as { readonly code?: unknown };
  span.setAttribute("error.type", typeof code === "string" ? code : "unknown");
  span.setStatus({ code: SpanStatusCode.ERROR });
}
