import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { isResponding } from "./node-internals.js";
import { securityHeaders } from "./security-headers.js";

export interface RawResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes the last response to a connection that Node's HTTP server has released. */
export function writeRawResponse(
  stream: Duplex,
  { status, headers }: RawResponse,
  commonHeaders: Readonly<Record<string, string>>,
): void {
  const all = { ...commonHeaders, connection: "close", "content-length": "0", ...headers };
  const lines = Object.entries(all).map((header) => header.join(": "));
  stream.on("error", () => stream.destroy());
  // Node does not manage such a connection any more: it would stay open until the client closes it.
  stream.once("finish", () => stream.destroy());
  stream.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", ""].join("\r\n"));
}

/** The status of a malformed or slow request by Node's code of the error; any other is 400. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Responds to malformed and slow requests as Node does by default, but with the headers of every other response. */
export function handleClientErrors(server: Server): void {
  server.on("clientError", ({ code = "" }: NodeJS.ErrnoException, stream: Duplex) => {
    if (!stream.writable || isResponding(stream)) stream.destroy();
    else writeRawResponse(stream, { status: STATUS_OF_ERROR[code] ?? 400 }, securityHeaders());
  });
}

/** Refuses the handshake of a WebSocket. */
export const refuseUpgrade = (
  request: IncomingMessage,
  stream: Duplex,
  refusal: RawResponse,
  hstsSeconds: number,
): void => writeRawResponse(stream, refusal, securityHeaders(request, hstsSeconds));
