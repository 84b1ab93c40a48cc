import { randomUUID } from "node:crypto";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { SignInDocument, type TypedDocumentString } from "./graphql.js";

/** What the gateway said no to. Programs go by the code, people by the message. */
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

const TRIES = 5;

/** Rollcall, as one credential is served by it: an API key, or the token of somebody who signed in. */
export class Gateway {
  constructor(
    /** Such as http://localhost:4000. */
    private readonly url: string,
    private readonly credential: string | null,
  ) {}

  static async signIn(url: string, user: string, password: string): Promise<Gateway> {
    const anonymous = new Gateway(url, null);
    const { login } = await anonymous.ask(SignInDocument, { input: { user, password } });
    return new Gateway(url, login.token);
  }

  /** @throws Refusal, or what the network has to say */
  async ask<Result, Variables>(
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

  /** Changes something once. What was not answered is sent again with the same key, under which it is not done twice. */
  async change<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const headers = { "idempotency-key": randomUUID() };
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.ask(document, variables, headers);
      } catch (error) {
        const isForGood = error instanceof Refusal && error.code !== "SERVICE_UNAVAILABLE";
        if (isForGood || tries === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** tries));
      }
    }
  }

  /**
   * Follows a subscription for as long as it can be followed. An empty cursor stands for knowing nothing yet: the first
   * event says `gap: true`, and from then on nothing is missed. After a lost connection graphql-ws sends the variables
   * again as they are by then, with the cursor of the last event.
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
