import type { Worker } from "node:cluster";

/**
 * The message with which Node's primary passes a connection to a worker. The worker acknowledges it with the
 * same number.
 */
interface Handover {
  readonly act: "newconn";
  readonly seq: number;
}

type Connection = { readonly close: () => void };

const isHandover = (message: unknown): message is Handover =>
  (message as Partial<Handover> | null)?.act === "newconn";

/**
 * A worker can exit while a connection is being passed to it. Node would then keep that connection open
 * forever, and its client waiting. This passes the connection to another worker, or closes it when there is
 * none. Node's internal messages are not a documented interface: should they change, this function has no
 * effect.
 */
export function handOverUnaccepted(worker: Worker, survivors: ReadonlySet<Worker>): void {
  const unacknowledged = new Map<number, readonly [Handover, Connection]>();
  const child = worker.process;
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (...args: unknown[]) => {
    const [message, connection] = args;
    if (isHandover(message) && connection) {
      unacknowledged.set(message.seq, [message, connection as Connection]);
    }
    return send(...args);
  };
  child.on("internalMessage", ({ ack }: { ack?: number }) => {
    if (ack !== undefined) unacknowledged.delete(ack);
  });
  worker.once("exit", () => {
    const [successor] = [...survivors].filter((other) => other !== worker && other.isConnected());
    for (const [message, connection] of unacknowledged.values()) {
      if (successor) successor.process.send(message, connection as never);
      else connection.close();
    }
  });
}
