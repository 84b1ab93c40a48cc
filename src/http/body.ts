import type { IncomingMessage } from "node:http";

/** The body is larger than the gateway reads. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** The connection ended before the whole body was there: nobody is left to be answered. */
export class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
}

/**
 * @throws BodyTooLargeError as soon as more than `maxBytes` have come in
 * @throws ClientGoneError
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // A request fails in no other way than by its connection; what does not parse never becomes one.
    const gone = (cause?: unknown) => {
      if (request.readableEnded) return;
      reject(new ClientGoneError("the client went away", { cause }));
    };
    request
      .on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= maxBytes) return;
        request.pause();
        reject(new BodyTooLargeError(`the body has more than ${maxBytes} bytes`));
      })
      .on("end", () => resolve(toText(chunks)))
      .on("error", gone)
      .on("close", gone);
    if (request.destroyed) gone();
  });
}

/** Nearly all have come in one piece. */
const toText = ([first, ...more]: readonly Buffer[]): string =>
  first && more.length > 0 ? Buffer.concat([first, ...more]).toString() : (first?.toString() ?? "");
