import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { handBack } from "./node-internals.js";

/** Whether the client requests a WebSocket. Some clients offer HTTP/2 with every request, and accept a response by HTTP/1.1. */
export const isWebSocketUpgrade = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === "websocket";

/**
 * Hands a request back to the HTTP server without its `Upgrade` header: with a listener for upgrades, Node releases every connection
 * that offers one.
 */
export function ignoreUpgrade(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    if (name.toLowerCase() !== "upgrade") lines.push(`${name}: ${rawHeaders[i + 1]}`);
  }
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  handBack(server, stream);
}
