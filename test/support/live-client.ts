import { createClient as createSseClient } from "graphql-sse";
import { createClient as createSocketClient } from "graphql-ws";
import { WebSocket } from "ws";

export interface Told {
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { code: string } }[];
}

/** What a subscription is told, in order. */
export interface Follower {
  /** The next that nobody has asked for yet. @throws what ended the subscription instead */
  readonly next: () => Promise<Told>;
  readonly stop: () => void;
}

export interface LiveClient {
  readonly follow: (query: string, variables?: Record<string, unknown>) => Follower;
  readonly dispose: () => void;
}

/** A client of the real library, that does not connect again by itself. */
export const liveClients = {
  WEB_SOCKET: startSocketClient as (url: string, secret: string | null) => LiveClient,
  EVENT_STREAM: startStreamClient,
};
export type Transport = keyof typeof liveClients;

export interface SocketClient extends LiveClient {
  /** How the socket was closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export function startSocketClient(url: string, secret: string | null): SocketClient {
  let tellClosed: (event: { code: number; reason: string }) => void;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    tellClosed = resolve;
  });
  const client = createSocketClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: secret === null ? {} : { authorization: `Bearer ${secret}` },
    on: { closed: (event) => tellClosed(event as { code: number; reason: string }) },
  });
  return {
    closed,
    follow: (query, variables) => followerOf(client.iterate({ query, variables })),
    dispose: () => void client.dispose(),
  };
}

function startStreamClient(url: string, secret: string | null): LiveClient {
  const client = createSseClient({
    url: `${url}/graphql/stream`,
    retryAttempts: 0,
    headers: secret === null ? {} : { authorization: `Bearer ${secret}` },
  });
  return {
    follow: (query, variables) => followerOf(client.iterate({ query, variables })),
    dispose: () => client.dispose(),
  };
}

const followerOf = (told: AsyncIterableIterator<unknown>): Follower => ({
  next: async () => {
    const { value, done } = await told.next();
    if (done) throw new Error("the subscription has ended");
    return value as Told;
  },
  stop: () => void told.return?.(),
});
