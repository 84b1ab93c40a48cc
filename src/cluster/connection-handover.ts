import type { Worker } from "node:cluster";

/** How Node's primary hands a connection to a worker, which answers with the same number that it has taken it. */
interface Handover {
  readonly act: "newconn";
  readonly seq: number;
}

type Connection = { readonly close: () => void };

const isHandover = (message: unknown): message is Handover =>
  (message as Partial<Handover> | null)?.act === "newconn";

/**
 * A worker may die while a connection is handed to it. Node would keep that connection, and its client waiting, for ever: it is handed
 * to another worker, or closed where there is none. Node's own messages are no documented interface; should they change, nothing is
 * handed on, as without this.
 */
export function handOverUnaccepted(worker: Worker, survivors: ReadonlySet<Worker>): void {
  const untaken = new Map<number, readonly [Handover, Connection]>();
  const child = worker.process;
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (...args: unknown[]) => {
    const [message, connection] = args;
    if (isHandover(message) && connection) {
      untaken.set(message.seq, [message, connection as Connection]);
    }
    return send(...args);
  };
  child.on("internalMessage", ({ ack }: { ack?: number }) => {
    if (ack !== undefined) untaken.delete(ack);
  });
  worker.once("exit", () => {
    const [heir] = [...survivors].filter((other) => other !== worker && other.isConnected());
    for (const [message, connection] of untaken.values()) {
      if (heir) heir.process.send(message, connection as never);
      else connection.close();
    }
  });
}
