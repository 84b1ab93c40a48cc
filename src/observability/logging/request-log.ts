import { type Actor, credentialSubject } from "../../domain/actor.js";
import { toGlobalId } from "../../domain/global-id.js";
import type { Logger } from "./logger.js";
import type { RequestContext } from "../request-context.js";

/** The paths that probes request every few seconds. They do not count as use of the gateway. */
export const HEALTH_PATHS: readonly string[] = ["/healthz", "/readyz", "/metrics"];

/** Logs one line for each request that has ended. Fields that are null are left out. */
export function logRequest(
  logger: Logger,
  /** Null when the client disconnected before the response began. */
  status: number | null,
  { head, requestId, traceId, endpoint, actor, code, startedAt }: RequestContext,
): void {
  const level = HEALTH_PATHS.includes(head.path) ? "debug" : "info";
  if (!logger.isLevelEnabled(level)) return;
  logger[level](
    {
      requestId,
      ...(traceId !== null && { traceId }),
      ...(endpoint && {
        door: endpoint.door,
        operation: `${endpoint.kind} ${endpoint.name}`.trimStart(),
      }),
      method: head.method,
      path: head.path,
      status,
      ...(code !== null && { code }),
      ms: Math.round(performance.now() - startedAt),
      address: head.address,
      ...actorFields(actor),
    },
    "request",
  );
}

/** Ids only; `node(id:)` and the audit have the details. */
export function actorFields(actor: Actor | null | undefined): object {
  if (!actor || actor.credentialId === null) return {};
  const { userId } = actor;
  return {
    credential: credentialSubject(actor),
    ...(userId !== null && { user: toGlobalId("User", userId) }),
  };
}
