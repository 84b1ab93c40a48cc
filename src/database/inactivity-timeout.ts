import type { Socket } from "node:net";
import type { ClientBase } from "pg";

/** What the driver's types leave out. */
interface Connected {
  readonly connection: { readonly stream: Socket };
  /** False while the server owes an answer. */
  readonly readyForQuery: boolean;
  /** It was told goodbye, to which it owes the end of the connection. */
  readonly _ending: boolean;
}

/** Closes a connection without a word to the server, which may not be listening. */
export function destroyConnection(client: ClientBase, error?: Error): void {
  (client as unknown as Connected).connection.stream.destroy(error);
}

class SilentServerError extends Error {
  override readonly name = "SilentServerError";
  readonly code = "ETIMEDOUT";
}

/**
 * Postgres itself ends a statement that takes too long, and says so. When nothing is heard, it has stopped or the
 * network has: the connection is given up, which fails what waits on it and makes room for another one.
 */
export function destroyWhenInactive(client: ClientBase, timeoutMs: number): void {
  const { connection } = client as unknown as Connected;
  connection.stream.setTimeout(timeoutMs);
  // Each time: an idle connection is silent too, and must be watched all the same when it is used again.
  connection.stream.on("timeout", () => {
    const { readyForQuery, _ending } = client as unknown as Connected;
    if (readyForQuery && !_ending) return;
    destroyConnection(
      client,
      new SilentServerError(`The database has said nothing for ${timeoutMs} ms`),
    );
  });
}
