import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Dialect, HttpReply } from "./dialect.js";

/** What a reader of a streamed answer is granted. */
export interface StreamLimits {
  /** How long nothing may be taken. */
  readonly stallTimeoutMs: number;
  readonly timeoutMs: number;
}

export const isStream = (body: HttpReply["body"]): body is AsyncIterable<string> =>
  body !== undefined && Symbol.asyncIterator in body;

/** Waits for the first piece of a stream: until it is there, the stream can still refuse in words. */
export async function begin(reply: HttpReply): Promise<HttpReply> {
  if (!isStream(reply.body)) return reply;
  const pieces = reply.body[Symbol.asyncIterator]();
  let first: IteratorResult<string> | null = await pieces.next();
  const begun: AsyncIterator<string> = {
    next: async () => {
      const piece = first ?? (await pieces.next());
      first = null;
      return piece;
    },
    return: async () => (await pieces.return?.()) ?? { done: true, value: undefined },
  };
  return { ...reply, body: { [Symbol.asyncIterator]: () => begun } };
}

/** Every reply of every dialect leaves through here. */
export async function sendReply(
  response: ServerResponse,
  dialect: Dialect,
  reply: HttpReply,
  startedAt: number,
  limits: StreamLimits,
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
  if (isStream(body)) await sendStream(response, body, limits);
  else response.end(JSON.stringify(body));
}

/**
 * Sends a stream as fast as it is read and no faster, so that nothing piles up. To return early ends the
 * stream, which gives back what it holds: at once when the reader goes away, in time when they dawdle.
 */
async function sendStream(
  response: ServerResponse,
  pieces: AsyncIterable<string>,
  { stallTimeoutMs, timeoutMs }: StreamLimits,
): Promise<void> {
  const gone = new AbortController();
  const { signal } = gone;
  const leave = () => gone.abort();
  const giveUp = () => {
    leave();
    response.destroy();
  };
  // The request's socket: a response that waits for an earlier one of its connection has none yet.
  const { socket } = response.req;
  socket.once("close", leave);
  if (socket.destroyed) leave();
  // The socket's own timer: unlike waiting for "drain", it sees a piece that is taken bit by bit.
  response.setTimeout(stallTimeoutMs, giveUp);
  const deadline = setTimeout(giveUp, timeoutMs);
  try {
    for await (const piece of pieces) {
      if (signal.aborted) return;
      if (!response.write(piece)) await once(response, "drain", { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
    response.end();
  } finally {
    clearTimeout(deadline);
    socket.off("close", leave);
  }
}
