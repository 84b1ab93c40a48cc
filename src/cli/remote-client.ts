import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes } from "./exit-codes.js";
import { CliError, interrupted, responseError, unreachable, usageError } from "./errors.js";
import type { GatewayClient } from "./gateway-client.js";

/** Longer than the deadline of a gateway, so that its own response arrives first. */
const TIMEOUT_MS = 60_000;
const MAX_ATTEMPTS = 3;
const DELAY_MS = 500;

interface GraphQLResponse {
  readonly data?: unknown;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

/**
 * Executes operations with GraphQL over HTTP. Retries after network errors; the Idempotency-Key ensures that
 * a mutation takes effect once.
 */
export function requestOverHttp(
  base: string,
  secret: string,
  signal: AbortSignal,
): GatewayClient["request"] {
  const address = addressOf(base);
  return async <Data>(document: string, variables?: object) => {
    const request = {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json",
        authorization: `Bearer ${secret}`,
        ...(/^\s*mutation\b/.test(document) ? { "idempotency-key": randomUUID() } : {}),
      },
      body: JSON.stringify({ query: document, variables }),
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await send(address, request, signal)) as Data;
      } catch (error) {
        if (signal.aborted) throw interrupted();
        const isRetryable = error instanceof CliError && error.code === "UNREACHABLE";
        if (!isRetryable || attempt === MAX_ATTEMPTS) throw error;
        await sleep(DELAY_MS * attempt, undefined, { signal }).catch(() => undefined);
      }
    }
  };
}

/**
 * The URL of the GraphQL endpoint.
 *
 * @throws CliError unless the address is http or https and without a password
 */
export function addressOf(base: string): URL {
  const url = URL.canParse(base) ? new URL(base) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageError(
      `"${base}" is not the address of a gateway: use one such as http://localhost:4000`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw usageError("The address must not contain a password: set ROLLCALL_KEY");
  }
  if (!url.pathname.endsWith("/graphql")) {
    url.pathname = `${url.pathname.replace(/\/$/, "")}/graphql`;
  }
  return url;
}

async function send(address: URL, request: RequestInit, signal: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const { status, body } = await fetch(address, {
    ...request,
    // A redirect would send the credential to another server.
    redirect: "error",
    signal: AbortSignal.any([signal, timeout]),
  })
    .then(async (response) => ({ status: response.status, body: await response.text() }))
    .catch((error: unknown) => {
      throw unreachable(`${address.origin} does not respond: ${reasonOf(error)}`);
    });
  const response = parse(body);
  if (response === null) {
    throw new CliError(
      "NO_GATEWAY",
      `${address.href} responds with ${status}, and not as a Rollcall gateway`,
      exitCodes.unavailable,
    );
  }
  const [error] = response.errors ?? [];
  if (error) throw responseError(error);
  return response.data;
}

function parse(body: string): GraphQLResponse | null {
  try {
    const response = JSON.parse(body) as GraphQLResponse | null;
    const isObject = typeof response === "object" && response !== null;
    return isObject && ("data" in response || Array.isArray(response.errors)) ? response : null;
  } catch {
    return null;
  }
}

/** Node reports "fetch failed" and puts the reason into the cause. */
export function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: Error & { code?: string } };
  if (name === "TimeoutError") return "timed out";
  return cause?.message || cause?.code || message;
}
