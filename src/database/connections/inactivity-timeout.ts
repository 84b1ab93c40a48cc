import type { ClientBase } from "pg";
import { isWaitingForServer, socketOf } from "../driver-internals.js";

/** Closes a connection without notifying the server, which may not respond. */
export function destroyConnection(client: ClientBase, error?: Error): void {
  socketOf(client).destroy(error);
}

class SilentServerError extends Error {
  override readonly name = "SilentServerError";
  readonly code = "ETIMEDOUT";
}

/**
 * Destroys a connection that waits for the server and receives nothing for so long; its queries reject. Postgres itself
 * cancels a slow statement, and says so. Without that message, the server has stopped or the network is down.
 */
export function destroyWhenInactive(client: ClientBase, timeoutMs: number): void {
  const socket = socketOf(client);
  socket.setTimeout(timeoutMs);
  // Not `once`: the timeout also fires on an idle connection, which is used again later.
  socket.on("timeout", () => {
    if (!isWaitingForServer(client)) return;
    const message = `The database has sent nothing for ${timeoutMs} ms`;
    destroyConnection(client, new SilentServerError(message));
  });
}
