import { createClient as createSseClient } from "graphql-sse";
import { createClient as createSocketClient } from "graphql-ws";
import { WebSocket } from "ws";

export interface SubscriptionResult {
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { code: string } }[];
}

/** The results of a subscription, in order. */
export interface Subscription {
  /** @throws the error that ended the subscription */
  readonly next: () => Promise<SubscriptionResult>;
  readonly stop: () => void;
}

export interface SubscriptionClient {
  readonly subscribe: (query: string, variables?: Record<string, unknown>) => Subscription;
  readonly dispose: () => void;
}

/** Clients of the real libraries, without automatic reconnects. */
export const subscriptionClients = {
  WEB_SOCKET: startWebSocketClient as (url: string, secret: string | null) => SubscriptionClient,
  EVENT_STREAM: startStreamClient,
};
export type Transport = keyof typeof subscriptionClients;

export interface WebSocketClient extends SubscriptionClient {
  /** Resolves with the close frame. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export function startWebSocketClient(url: string, secret: string | null): WebSocketClient {
  let resolveClosed: (event: { code: number; reason: string }) => void;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    resolveClosed = resolve;
  });
  const client = createSocketClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: secret === null ? {} : { authorization: `Bearer ${secret}` },
    on: { closed: (event) => resolveClosed(event as { code: number; reason: string }) },
  });
  return {
    closed,
    subscribe: (query, variables) => subscriptionOf(client.iterate({ query, variables })),
    dispose: () => void client.dispose(),
  };
}

function startStreamClient(url: string, secret: string | null): SubscriptionClient {
  const client = createSseClient({
    url: `${url}/graphql/stream`,
    retryAttempts: 0,
    headers: secret === null ? {} : { authorization: `Bearer ${secret}` },
  });
  return {
    subscribe: (query, variables) => subscriptionOf(client.iterate({ query, variables })),
    dispose: () => client.dispose(),
  };
}

const subscriptionOf = (results: AsyncIterableIterator<unknown>): Subscription => ({
  next: async () => {
    const { value, done } = await results.next();
    if (done) throw new Error("the subscription has ended");
    return value as SubscriptionResult;
  },
  stop: () => void results.return?.(),
});
