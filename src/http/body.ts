import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.js";

/** The body is larger than the gateway reads. The rest of it is not read, so the connection has to close. */
export class BodyTooLargeError extends HttpError {
  override readonly name = "BodyTooLargeError";

  constructor(maxBytes: number) {
    super(413, `Request body exceeds ${maxBytes} bytes`, { connection: "close" });
  }
}

/** The client disconnected before the whole body had arrived. No response can reach it. */
export class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
}

/**
 * @returns the body as text, decoded as UTF-8
 * @throws BodyTooLargeError as soon as more than `maxBytes` have arrived
 * @throws ClientGoneError
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // The connection is the only thing that can fail here: a request that does not parse never gets this far.
    const gone = (cause?: unknown) => {
      if (request.readableEnded) return;
      reject(new ClientGoneError("the client disconnected", { cause }));
    };
    request
      .on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= maxBytes) return;
        request.pause();
        reject(new BodyTooLargeError(maxBytes));
      })
      .on("end", () => resolve(toText(chunks)))
      .on("error", gone)
      .on("close", gone);
    if (request.destroyed) gone();
  });
}

/** Most bodies arrive in one chunk, which needs no copy. */
const toText = ([first, ...more]: readonly Buffer[]): string =>
  first && more.length > 0 ? Buffer.concat([first, ...more]).toString() : (first?.toString() ?? "");
