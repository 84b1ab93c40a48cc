import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Dialect, HttpReply } from "./dialect.js";

const isStream = (body: HttpReply["body"]): body is AsyncIterable<string> =>
  body !== undefined && Symbol.asyncIterator in body;

/** Every reply of every dialect leaves through here. */
export async function sendReply(
  response: ServerResponse,
  dialect: Dialect,
  reply: HttpReply,
  startedAt: number,
): Promise<void> {
  const { status, body, headers } =
    dialect.envelope?.(reply, { startedAt, now: Date.now() }) ?? reply;
  const all = { ...dialect.headers, ...headers };
  if (body === undefined) {
    response.writeHead(status, { ...all, "content-length": "0" });
    response.end();
    return;
  }
  response.writeHead(status, { "content-type": dialect.contentType, ...all });
  if (!isStream(body)) {
    response.end(JSON.stringify(body));
    return;
  }
  for await (const chunk of body) {
    // A reader who went away needs nothing more; a slow one is waited for, so nothing piles up.
    if (response.destroyed) return;
    if (!response.write(chunk))
      await Promise.race([once(response, "drain"), once(response, "close")]);
  }
  response.end();
}
