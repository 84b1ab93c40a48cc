import { randomUUID } from "node:crypto";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { SignInDocument, type TypedDocumentString } from "./graphql.js";

/** A refusal of the gateway. Programs use the code, users the message. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
  }[];
}

const MAX_ATTEMPTS = 5;

/** A client of Rollcall for one credential: an API key, or the token of a login. */
export class Gateway {
  constructor(
    /** Such as http://localhost:4000. */
    private readonly url: string,
    private readonly credential: string | null,
  ) {}

  static async signIn(url: string, user: string, password: string): Promise<Gateway> {
    const anonymous = new Gateway(url, null);
    const { login } = await anonymous.request(SignInDocument, { input: { user, password } });
    return new Gateway(url, login.token);
  }

  /** @throws Refusal, or the error of `fetch` */
  async request<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Result> {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        ...(this.credential === null ? {} : { authorization: `Bearer ${this.credential}` }),
      },
      body: JSON.stringify({ query: document, variables }),
    });
    const { data, errors } = (await response.json()) as Answer<Result>;
    if (errors?.[0]) {
      const { code, ...details } = errors[0].extensions;
      throw new Refusal(errors[0].message, code, details);
    }
    return data as Result;
  }

  /**
   * Executes a mutation once. Without a response it is sent again with the same key, so that it takes effect
   * once.
   */
  async change<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const headers = { "idempotency-key": randomUUID() };
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.request(document, variables, headers);
      } catch (error) {
        const isFinal = error instanceof Refusal && error.code !== "SERVICE_UNAVAILABLE";
        if (isFinal || tries === MAX_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** tries));
      }
    }
  }

  /**
   * Subscribes for as long as possible. The empty cursor means that nothing is known yet: the first event has
   * `gap: true`, and no event after it is missed. After a lost connection graphql-ws sends the current
   * variables again, with the cursor of the last event.
   */
  async follow<Result extends object, Variables extends { after: string }>(
    document: TypedDocumentString<Result, Variables>,
    onEvent: (event: Result[keyof Result]) => Promise<void>,
  ): Promise<void> {
    const client = createClient({
      url: `${this.url.replace(/^http/, "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.credential}` },
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: (tries) =>
        new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 100 * 2 ** tries))),
    });
    const variables = { after: "" };
    for await (const { data, errors } of client.iterate<Result>({
      query: document.toString(),
      variables,
    })) {
      if (!data) throw new Error(errors?.[0]?.message);
      const [event] = Object.values(data) as [Result[keyof Result] & { cursor: string }];
      await onEvent(event);
      variables.after = event.cursor;
    }
  }
}
