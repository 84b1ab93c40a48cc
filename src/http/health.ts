import type { ServerResponse } from "node:http";
import type { DatabaseProbe } from "../database/connections/database-probe.js";
import type { GracefulShutdown } from "./graceful-shutdown.js";
import { sendJson } from "./json-response.js";

/** The process is alive, whatever the database does. */
export function sendHealth(response: ServerResponse): void {
  sendJson(response, 200, { status: "ok" });
}

/** The database responds in time, and the process is not about to stop. */
export async function sendReadiness(
  response: ServerResponse,
  probe: DatabaseProbe,
  drain: GracefulShutdown,
): Promise<void> {
  const isReady = !drain.hasBegun && (await probe.isResponding());
  if (drain.hasBegun) sendJson(response, 503, { status: "stopping" });
  else if (isReady) sendJson(response, 200, { status: "ready" });
  else sendJson(response, 503, { status: "unavailable" }, { "retry-after": "1" });
}
