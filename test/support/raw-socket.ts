import { once } from "node:events";
import { WebSocket } from "ws";

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A WebSocket without a protocol library. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** Sends text as it is, anything else as JSON. */
  readonly send: (...messages: unknown[]) => void;
  /** The next unread message. @throws when the socket closes first */
  readonly next: () => Promise<Message>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export interface RawSocketOptions {
  readonly path?: string;
  /** Null for no subprotocol. */
  readonly protocol?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @throws Error with the status when the gateway refuses the handshake */
export async function openRawSocket(
  url: string,
  { path = "/graphql", protocol = "graphql-transport-ws", headers }: RawSocketOptions = {},
): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, protocol ?? [], { headers });
  const messages: Message[] = [];
  let wake: () => void = () => undefined;
  socket.on("message", (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
    wake();
  });
  const closed = once(socket, "close").then(([code, reason]) => {
    wake();
    return { code: code as number, reason: String(reason) };
  });
  const refused = once(socket, "unexpected-response").then(([, response]) => {
    const { statusCode } = response as { statusCode: number };
    throw new Error(`refused with ${statusCode}`);
  });
  await Promise.race([once(socket, "open"), refused]);
  refused.catch(() => undefined);
  socket.on("error", () => undefined);
  return {
    socket,
    send: (...sent) => {
      for (const message of sent) {
        socket.send(typeof message === "string" ? message : JSON.stringify(message));
      }
    },
    next: async () => {
      for (;;) {
        const message = messages.shift();
        if (message) return message;
        if (socket.readyState === WebSocket.CLOSED) throw new Error("the socket has closed");
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    closed,
  };
}

export const initOf = (secret: string) => ({
  type: "connection_init",
  payload: { authorization: `Bearer ${secret}` },
});

export const subscribeTo = (id: string, query: string, variables?: object) => ({
  id,
  type: "subscribe",
  payload: { query, variables },
});

/** Opens an authenticated socket. */
export async function openSignedIn(url: string, secret: string): Promise<RawSocket> {
  const raw = await openRawSocket(url);
  raw.send(initOf(secret));
  const { type } = await raw.next();
  if (type !== "connection_ack") throw new Error(`${type} in place of connection_ack`);
  return raw;
}
