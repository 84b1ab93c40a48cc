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

type Query = (...given: unknown[]) => unknown;
type Answered = (error: unknown, ...rest: unknown[]) => unknown;

/**
 * Spans of the statements of requests, and of the transactions around them. What a process does by itself has none. Their
 * texts are ours and shown; the values are not.
 */
export function traceStatements(pool: Pool, tracer: Tracer): void {
  const known = new WeakSet<PoolClient>();
  pool.on("acquire", (client: PoolClient) => {
    if (known.has(client)) return;
    known.add(client);
    const statements = new Statements(client.query.bind(client), tracer);
    client.query = statements.query as PoolClient["query"];
  });
  // Who waits for a connection is called back by whoever gives one back.
  const connect = pool.connect.bind(pool) as (callback?: Answered) => unknown;
  pool.connect = ((callback?: Answered) =>
    connect(callback && context.bind(context.active(), callback))) as Pool["connect"];
}

/** Those of one connection. */
class Statements {
  private transaction: { readonly span: Span; readonly context: Context } | null = null;

  constructor(
    private readonly send: Query,
    private readonly tracer: Tracer,
  ) {}

  readonly query: Query = (...given) => {
    const text = textOf(given[0]);
    if (text === undefined || !trace.getActiveSpan()?.isRecording()) return this.send(...given);
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
    const ended = (error?: unknown) => {
      fail(span, error);
      span.end();
      if (verb === "COMMIT" || verb === "ROLLBACK") this.endTransaction(error, verb);
    };
    return this.sendThen(given, ended);
  };

  /** Whoever asks by callback is called back; whoever asks for a promise gets the very same one. */
  private sendThen(given: unknown[], ended: (error?: unknown) => void): unknown {
    const last = given.at(-1);
    if (typeof last === "function") {
      const callback = last as Answered;
      return this.send(...given.slice(0, -1), (error: unknown, ...rest: unknown[]) => {
        ended(error);
        return callback(error, ...rest);
      });
    }
    const answer = this.send(...given);
    if (answer instanceof Promise) answer.then(() => ended(), ended);
    else ended();
    return answer;
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

/** Cursors and streams have none of their own. */
function textOf(statement: unknown): string | undefined {
  if (typeof statement === "string") return statement;
  if (typeof statement !== "object" || statement === null || "submit" in statement)
    return undefined;
  const { text } = statement as { readonly text?: unknown };
  return typeof text === "string" ? text : undefined;
}

/** By its code alone: the words of Postgres may repeat values. */
function fail(span: Span, error: unknown): void {
  if (!error) return;
  const { code } = error as { readonly code?: unknown };
  span.setAttribute("error.type", typeof code === "string" ? code : "unknown");
  span.setStatus({ code: SpanStatusCode.ERROR });
}
