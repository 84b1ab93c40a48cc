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
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new BodyTooLargeError(`the body has more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw error;
    // A request fails in no other way than by its connection; what does not parse never becomes one.
    throw new ClientGoneError("the client went away", { cause: error });
  }
  return Buffer.concat(chunks).toString("utf8");
}
