import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes } from "./exit-codes.js";
import { CliError, interrupted, refusal, unreachable, usageError } from "./faults.js";
import type { Gateway } from "./gateway.js";

/** Longer than a gateway takes to say that it takes too long. */
const TIMEOUT_MS = 60_000;
const MAX_ATTEMPTS = 3;
const PAUSE_MS = 500;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

/**
 * GraphQL over HTTP. What goes missing on the way is sent again: under its Idempotency-Key a change is made once,
 * however often it is asked for.
 */
export function askOverHttp(base: string, secret: string, signal: AbortSignal): Gateway["ask"] {
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
        const isWorthIt = error instanceof CliError && error.code === "UNREACHABLE";
        if (!isWorthIt || attempt === MAX_ATTEMPTS) throw error;
        await sleep(PAUSE_MS * attempt, undefined, { signal }).catch(() => undefined);
      }
    }
  };
}

/** Where GraphQL is asked. @throws CliError for anything but an address of the web */
export function addressOf(base: string): URL {
  const url = URL.canParse(base) ? new URL(base) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageError(`"${base}" is no address of a gateway: it must be like http://localhost:4000`);
  }
  if (url.username !== "" || url.password !== "") {
    throw usageError("The address must not hold a password: give the key as ROLLCALL_KEY");
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
    // Elsewhere the credential is nobody's business.
    redirect: "error",
    signal: AbortSignal.any([signal, timeout]),
  })
    .then(async (response) => ({ status: response.status, body: await response.text() }))
    .catch((error: unknown) => {
      throw unreachable(`${address.origin} does not answer: ${reasonOf(error)}`);
    });
  const answer = parse(body);
  if (answer === null) {
    throw new CliError(
      "NO_GATEWAY",
      `${address.href} answers ${status}, and not as a Rollcall gateway does`,
      exitCodes.unavailable,
    );
  }
  const [fault] = answer.errors ?? [];
  if (fault) throw refusal(fault);
  return answer.data;
}

function parse(body: string): Answer | null {
  try {
    const answer = JSON.parse(body) as Answer | null;
    const isAnswer = typeof answer === "object" && answer !== null;
    return isAnswer && ("data" in answer || Array.isArray(answer.errors)) ? answer : null;
  } catch {
    return null;
  }
}

/** Node says "fetch failed" and keeps what failed for the cause. */
export function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: Error & { code?: string } };
  if (name === "TimeoutError") return "it takes too long";
  return cause?.message || cause?.code || message;
}
