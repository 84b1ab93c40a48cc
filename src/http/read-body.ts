import type { IncomingMessage } from "node:http";

/** The body is larger than the gateway reads. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** @throws BodyTooLargeError as soon as more than `maxBytes` have come in */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyTooLargeError(`the body has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
