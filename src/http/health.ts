import type { ServerResponse } from "node:http";
import type { DatabaseProbe } from "../persistence/database-probe.js";
import { sendJson } from "./respond.js";

/** The process is alive, whatever the database does. */
export function sendHealth(response: ServerResponse): void {
  sendJson(response, 200, { status: "ok" });
}

/** The process can answer: the database does so in time. */
export async function sendReadiness(response: ServerResponse, probe: DatabaseProbe): Promise<void> {
  if (await probe.answers()) sendJson(response, 200, { status: "ready" });
  else sendJson(response, 503, { status: "unavailable" }, { "retry-after": "1" });
}
