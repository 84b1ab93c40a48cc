import type { Client } from "graphql-ws";
import type { TypedDocumentString } from "./graphql.js";
import { type GraphQLFault, Refusal, toRefusal } from "./refusal.js";

export type Connection = "connecting" | "open" | "lost";

/** The fields of every subscription event. */
interface LiveEvent {
  readonly cursor: string;
  readonly gap: boolean;
}

/** The listeners of a subscription; `ended` is called when no further event follows. */
export interface Follower<Event> {
  readonly next: (event: Event) => void;
  readonly ended: (reason: unknown) => void;
}

const MAX_ATTEMPTS = 4;
const KEEP_ALIVE_MS = 10_000;
const PONG_MS = 5_000;
const MAX_DELAY_MS = 10_000;

/** A client of the gateway for one credential: requests over HTTP, subscriptions over one WebSocket. */
export class Gateway {
  private readonly sockets: Client;

  constructor(
    private readonly credential: string,
    onConnection: (connection: Connection) => void,
  ) {
    let pongTimeout = 0;
    this.sockets = graphqlWs.createClient({
      url: new URL("graphql", document.baseURI).href.replace(/^http/, "ws"),
      connectionParams: { authorization: `Bearer ${credential}` },
      // Reconnects forever, so that a page open overnight recovers by itself. Fatal close codes are not retried.
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: (attempt) =>
        wait(Math.min(MAX_DELAY_MS, 500 * 2 ** attempt) * (1 + Math.random())),
      keepAlive: KEEP_ALIVE_MS,
      on: {
        connecting: () => onConnection("connecting"),
        connected: () => onConnection("open"),
        closed: () => {
          clearTimeout(pongTimeout);
          onConnection("lost");
        },
        // A lost network closes no socket; only a missing pong shows it.
        ping: (isReceived) => {
          if (!isReceived) pongTimeout = setTimeout(() => this.sockets.terminate(), PONG_MS);
        },
        pong: (isReceived) => {
          if (isReceived) clearTimeout(pongTimeout);
        },
      },
    });
  }

  /** @throws Refusal, or the error of `fetch` */
  async request<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Result> {
    const response = await fetch("graphql", {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        authorization: `Bearer ${this.credential}`,
      },
      body: JSON.stringify({ query: document, variables }),
    });
    const { data, errors } = (await response.json()) as {
      data?: Result | null;
      errors?: readonly GraphQLFault[];
    };
    if (errors?.[0]) throw toRefusal(errors[0]);
    return data as Result;
  }

  /**
   * Executes a mutation once: without a response it is sent again with the same Idempotency-Key, so that the
   * gateway recognises one that was executed.
   */
  async change<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const headers = { "idempotency-key": randomKey() };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.request(document, variables, headers);
      } catch (error) {
        if (isFinal(error) || attempt === MAX_ATTEMPTS) throw error;
        await wait(500 * attempt);
      }
    }
  }

  /**
   * Subscribes. The first event has a `gap`, because the empty cursor means that nothing is known yet; no
   * event after it is missed. After a lost connection the subscription resumes, or starts with a `gap` again.
   *
   * @returns a function that ends the subscription
   */
  follow<Result extends object, Variables extends { after: string }>(
    document: TypedDocumentString<Result, Variables>,
    variables: Omit<Variables, "after">,
    { next, ended }: Follower<Result[keyof Result] & LiveEvent>,
  ): () => void {
    // When graphql-ws reconnects, it sends the current values of these variables.
    const resumable = { ...variables, after: "" };
    return this.sockets.subscribe<Result>(
      { query: document.toString(), variables: resumable },
      {
        next: ({ data, errors }) => {
          if (!data) return ended(errors?.[0] ? toRefusal(errors[0]) : null);
          const [event] = Object.values(data) as [Result[keyof Result] & LiveEvent];
          resumable.after = event.cursor;
          next(event);
        },
        error: (reason) => ended(reasonOf(reason)),
        complete: () => undefined,
      },
    );
  }

  close(): void {
    void this.sockets.dispose();
  }
}

/** Whether a retry would get the same response; otherwise there was none, or the failure is temporary. */
export const isFinal = (error: unknown): boolean =>
  error instanceof Refusal && !["SERVICE_UNAVAILABLE", "RATE_LIMITED"].includes(error.code);

/**
 * graphql-ws reports a refused subscription by its errors, and a socket with a fatal close code by its close
 * event.
 */
function reasonOf(reason: unknown): unknown {
  if (Array.isArray(reason)) return toRefusal((reason as GraphQLFault[])[0] ?? { message: "" });
  const { code } = reason as { code?: number };
  return code === 4401 ? new Refusal("", "UNAUTHENTICATED", {}) : reason;
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** crypto.randomUUID exists in secure contexts only. */
const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
