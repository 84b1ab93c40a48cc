import type { IncomingMessage } from "node:http";
import type { Actor } from "../domain/actor.js";
import { toGlobalId } from "../domain/global-id.js";
import type { Logger } from "../logger.js";
import { credentialSubject } from "../services/credential-end.js";
import type { RequestContext } from "./exchange.js";
import { addressOf } from "./origin.js";

/** What is asked every few seconds by machines, and says nothing of who uses the gateway. */
export const HEALTH_PATHS: readonly string[] = ["/healthz", "/readyz", "/metrics"];

/** One line for each request that has ended: who asked for what, and what became of it. What is null is left out. */
export function logRequest(
  logger: Logger,
  request: IncomingMessage,
  path: string,
  /** Null when nobody was left to be answered. */
  status: number | null,
  { requestId, traceId, endpoint, actor, code, startedAt }: RequestContext,
): void {
  const level = HEALTH_PATHS.includes(path) ? "debug" : "info";
  if (!logger.isLevelEnabled(level)) return;
  logger[level](
    {
      requestId,
      ...(traceId !== null && { traceId }),
      ...(endpoint && {
        door: endpoint.door,
        operation: `${endpoint.kind} ${endpoint.name}`.trimStart(),
      }),
      method: request.method,
      path,
      status,
      ...(code !== null && { code }),
      ms: Math.round(performance.now() - startedAt),
      address: addressOf(request),
      ...actorFields(actor),
    },
    "request",
  );
}

/** By ids alone: `node(id:)` and the audit tell more. */
export function actorFields(actor: Actor | null | undefined): object {
  if (!actor || actor.credentialId === null) return {};
  const { userId } = actor;
  return {
    credential: credentialSubject(actor),
    ...(userId !== null && { user: toGlobalId("User", userId) }),
  };
}
