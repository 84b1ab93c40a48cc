import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { securityHeaders } from "./security-headers.js";

export interface RawResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** On a connection that Node's HTTP has handed over or given up: the last answer, with the headers of all others. */
export function writeRawResponse(
  stream: Duplex,
  { status, headers }: RawResponse,
  own: Readonly<Record<string, string>>,
): void {
  const all = { ...own, connection: "close", "content-length": "0", ...headers };
  const lines = Object.entries(all).map((header) => header.join(": "));
  stream.on("error", () => stream.destroy());
  // Node leaves such a connection to us: a client that does not close it would stay for ever.
  stream.once("finish", () => stream.destroy());
  stream.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", ""].join("\r\n"));
}

/** By what Node calls it; what it has no name for is a bad request. */
const STATUS_OF_FAULT: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Whatever is no HTTP, or comes too slowly, is answered as Node would, but with the headers of all other answers. */
export function handleClientErrors(server: Server): void {
  server.on("clientError", ({ code = "" }: NodeJS.ErrnoException, stream: Duplex) => {
    // What Node remembers of an answer that is on its way, into which nothing else may be written.
    const { _httpMessage: begun } = stream as Socket & { _httpMessage?: { headersSent: boolean } };
    if (!stream.writable || begun?.headersSent) stream.destroy();
    else writeRawResponse(stream, { status: STATUS_OF_FAULT[code] ?? 400 }, securityHeaders());
  });
}

/** For requests to open a socket. */
export const refuseUpgrade = (
  request: IncomingMessage,
  stream: Duplex,
  refusal: RawResponse,
  hstsSeconds: number,
): void => writeRawResponse(stream, refusal, securityHeaders(request, hstsSeconds));
