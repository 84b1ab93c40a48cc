import type { ServerResponse } from "node:http";
import type { Reader } from "../persistence/reader.js";
import { sendJson } from "./respond.js";

const READINESS_TIMEOUT_MS = 1500;

/** The process is alive, whatever the database does. */
export function sendHealth(response: ServerResponse): void {
  sendJson(response, 200, { status: "ok" });
}

/** The process can answer: the database does so in time. */
export async function sendReadiness(response: ServerResponse, reader: Reader): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("too slow")), READINESS_TIMEOUT_MS);
  });
  try {
    await Promise.race([reader.query("SELECT 1"), timeout]);
    sendJson(response, 200, { status: "ready" });
  } catch {
    sendJson(response, 503, { status: "unavailable" }, { "retry-after": "1" });
  } finally {
    clearTimeout(timer);
  }
}
