import type { Writable } from "node:stream";
import type { ClientBase } from "pg";

const corked = new WeakSet<Writable>();

/**
 * What is sent on this connection from now until nothing more is ready to run leaves in one piece: each write is a
 * call of the system, which costs more than most statements.
 */
export function corkForNow(client: ClientBase): void {
  const { stream } = (client as unknown as { connection?: { stream?: Writable } }).connection ?? {};
  // The driver does not promise that it has one.
  if (typeof stream?.cork !== "function" || corked.has(stream)) return;
  corked.add(stream);
  stream.cork();
  process.nextTick(() => {
    corked.delete(stream);
    stream.uncork();
  });
}
