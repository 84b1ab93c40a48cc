import type { Client } from "graphql-ws";
import type { TypedDocumentString } from "./graphql.js";
import { type GraphQLFault, Refusal, toRefusal } from "./refusal.js";

export type Connection = "connecting" | "open" | "lost";

/** What every event of a subscription has. */
interface LiveEvent {
  readonly cursor: string;
  readonly gap: boolean;
}

/** What came of a subscription that has no more to tell. */
export interface Follower<Event> {
  readonly next: (event: Event) => void;
  readonly ended: (reason: unknown) => void;
}

const TRIES = 4;
const KEEP_ALIVE_MS = 10_000;
const PONG_MS = 5_000;
const LONGEST_WAIT_MS = 10_000;

/** The gateway, as one credential is served by it: requests over HTTP, subscriptions over one socket. */
export class Gateway {
  private readonly sockets: Client;

  constructor(
    private readonly credential: string,
    onConnection: (connection: Connection) => void,
  ) {
    let overdue = 0;
    this.sockets = graphqlWs.createClient({
      url: new URL("graphql", document.baseURI).href.replace(/^http/, "ws"),
      connectionParams: { authorization: `Bearer ${credential}` },
      // For ever: who is away for a night comes back by itself. What cannot get better is not tried again.
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: (tries) => wait(Math.min(LONGEST_WAIT_MS, 500 * 2 ** tries) * (1 + Math.random())),
      keepAlive: KEEP_ALIVE_MS,
      on: {
        connecting: () => onConnection("connecting"),
        connected: () => onConnection("open"),
        closed: () => {
          clearTimeout(overdue);
          onConnection("lost");
        },
        // A network that went away says nothing: only an answer that stays out does.
        ping: (isReceived) => {
          if (!isReceived) overdue = setTimeout(() => this.sockets.terminate(), PONG_MS);
        },
        pong: (isReceived) => {
          if (isReceived) clearTimeout(overdue);
        },
      },
    });
  }

  /** @throws Refusal, or what the network has to say */
  async ask<Result, Variables>(
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
   * Changes something, once: whatever got no answer is sent again under the same key, which the gateway
   * recognises if it was carried out after all.
   */
  async change<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const headers = { "idempotency-key": newKey() };
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.ask(document, variables, headers);
      } catch (error) {
        if (isFinal(error) || tries === TRIES) throw error;
        await wait(500 * tries);
      }
    }
  }

  /**
   * Follows what happens. The first event has a `gap`, since an empty cursor stands for having nothing yet: whatever
   * happens after it is told. After a lost connection it goes on where it was, or tells of a gap again.
   *
   * @returns what ends it
   */
  follow<Result extends object, Variables extends { after: string }>(
    document: TypedDocumentString<Result, Variables>,
    variables: Omit<Variables, "after">,
    { next, ended }: Follower<Result[keyof Result] & LiveEvent>,
  ): () => void {
    // When graphql-ws connects again it sends these variables as they are by then.
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

/** Whether the answer would be the same again; otherwise there was none, or only for the moment. */
export const isFinal = (error: unknown): boolean =>
  error instanceof Refusal && !["SERVICE_UNAVAILABLE", "RATE_LIMITED"].includes(error.code);

/** graphql-ws tells of a refused subscription by its errors, and of a socket that nobody should open again by its end. */
function reasonOf(reason: unknown): unknown {
  if (Array.isArray(reason)) return toRefusal((reason as GraphQLFault[])[0] ?? { message: "" });
  const { code } = reason as { code?: number };
  return code === 4401 ? new Refusal("", "UNAUTHENTICATED", {}) : reason;
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** crypto.randomUUID is only there with TLS or on this machine. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
