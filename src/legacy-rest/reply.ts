import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Dialect, HttpReply } from "./dialect.js";

/** The time limits of a streamed response. */
export interface StreamLimits {
  /** How long the client may read nothing. */
  readonly stallTimeoutMs: number;
  readonly timeoutMs: number;
}

export const isStream = (body: HttpReply["body"]): body is AsyncIterable<string> =>
  body !== undefined && Symbol.asyncIterator in body;

/** Waits for the first chunk of a stream: until then the stream can still fail with a refusal. */
export async function awaitFirstChunk(reply: HttpReply): Promise<HttpReply> {
  if (!isStream(reply.body)) return reply;
  const chunks = reply.body[Symbol.asyncIterator]();
  let first: IteratorResult<string> | null = await chunks.next();
  const resumed: AsyncIterator<string> = {
    next: async () => {
      const chunk = first ?? (await chunks.next());
      first = null;
      return chunk;
    },
    return: async () => (await chunks.return?.()) ?? { done: true, value: undefined },
  };
  return { ...reply, body: { [Symbol.asyncIterator]: () => resumed } };
}

/** Sends the response of every dialect. */
export async function sendReply(
  response: ServerResponse,
  dialect: Dialect,
  reply: HttpReply,
  startedAt: number,
  limits: StreamLimits,
): Promise<void> {
  const { status, body, headers } =
    dialect.envelope?.(reply, { startedAt, now: Date.now() }) ?? reply;
  const allHeaders = { ...dialect.headers, ...headers };
  if (body === undefined) {
    response.writeHead(status, { ...allHeaders, "content-length": "0" });
    response.end();
    return;
  }
  response.writeHead(status, { "content-type": dialect.contentType, ...allHeaders });
  if (isStream(body)) await sendStream(response, body, limits);
  else response.end(JSON.stringify(body));
}

/**
 * Sends a stream only as fast as the client reads it, so that no data piles up in memory. Returning early
 * ends the stream, which releases its connection: immediately when the client disconnects, at a timeout when
 * it is too slow.
 */
async function sendStream(
  response: ServerResponse,
  chunks: AsyncIterable<string>,
  { stallTimeoutMs, timeoutMs }: StreamLimits,
): Promise<void> {
  const closed = new AbortController();
  const { signal } = closed;
  const onClose = () => closed.abort();
  const abort = () => {
    onClose();
    response.destroy();
  };
  // The socket of the request: a response that waits for an earlier one on its connection has none yet.
  const { socket } = response.req;
  socket.once("close", onClose);
  if (socket.destroyed) onClose();
  // The socket's own timer: unlike waiting for "drain", it notices a chunk that is read bit by bit.
  response.setTimeout(stallTimeoutMs, abort);
  const deadline = setTimeout(abort, timeoutMs);
  try {
    for await (const chunk of chunks) {
      if (signal.aborted) return;
      if (!response.write(chunk)) await once(response, "drain", { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
    response.end();
  } finally {
    clearTimeout(deadline);
    socket.off("close", onClose);
  }
}
