import type { Server } from "node:http";
import { Server as TcpServer } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Every use of Node's HTTP server beyond its documented interface is in this file. test/http/node-internals.test.ts fails when Node
 * changes what it depends on.
 */

/** Node keeps the response that is being sent on a connection in an undocumented property of the socket. */
interface HttpSocket extends Duplex {
  readonly _httpMessage?: { readonly headersSent: boolean } | null;
}

/** Whether a response on this connection has begun, so that nothing else may be written to it. */
export const isResponding = (stream: Duplex): boolean =>
  (stream as HttpSocket)._httpMessage?.headersSent === true;

/**
 * Stops accepting connections, and leaves the open ones alone. The HTTP server's own `close` also destroys connections that it counts
 * as idle, among them those whose response is still on its way to a slow reader.
 */
export const stopAccepting = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    TcpServer.prototype.close.call(server, () => resolve());
  });

/**
 * Hands a connection back to the HTTP server. `connection` is a documented event that may be emitted with any duplex stream; that it
 * also works for a stream that the server has just released for an upgrade is not documented.
 */
export const handBack = (server: Server, stream: Duplex): void => {
  server.emit("connection", stream);
};
