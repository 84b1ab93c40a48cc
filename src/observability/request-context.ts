import type { Actor } from "../domain/actor.js";
import type { Endpoint } from "../domain/endpoint.js";

/** The parent of a request in a distributed trace, as W3C Trace Context defines it. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** The properties of a request that are known as soon as its headers are read. */
export interface RequestHead {
  readonly requestId: string;
  readonly method: string | undefined;
  /** Without the query string, which may hold a credential. */
  readonly path: string;
  /** The address of the client, as a trusted proxy forwards it. */
  readonly address: string;
  /** Null when the request belongs to no trace. */
  readonly traceParent: TraceParent | null;
}

/** A request and what becomes known of it until its response ends, for the log, the metrics and the trace. */
export class RequestContext {
  readonly startedAt = performance.now();
  readonly requestId: string;
  /** Null when the request belongs to no trace. */
  traceId: string | null;
  /** Null for paths without an operation, such as /healthz. */
  endpoint: Endpoint | null = null;
  /** Null until the request is authenticated. */
  actor: Actor | null = null;
  /** The error code of a refused or failed request. */
  code: string | null = null;

  constructor(readonly head: RequestHead) {
    this.requestId = head.requestId;
    this.traceId = head.traceParent?.traceId ?? null;
  }
}
