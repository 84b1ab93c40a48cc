import type { IncomingMessage } from "node:http";
import type { Actor } from "../domain/actor.js";
import type { Endpoint } from "../domain/endpoint.js";
import { requestIdOf, traceParentOf } from "./origin.js";

/** A request, with what becomes known of it until it is answered: for those who look on, such as the log. */
export class RequestContext {
  readonly startedAt = performance.now();
  readonly requestId: string;
  /** Null when it belongs to no trace. */
  traceId: string | null;
  /** Null at no door, as of health. */
  endpoint: Endpoint | null = null;
  /** Null until it is known who asks. */
  actor: Actor | null = null;
  /** Why it was refused, or failed. */
  code: string | null = null;

  constructor(request: IncomingMessage) {
    this.requestId = requestIdOf(request);
    this.traceId = traceParentOf(request)?.traceId ?? null;
  }
}
