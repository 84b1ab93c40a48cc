import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes } from "../exit-codes.js";
import { CliError, interrupted, unreachable, usageError } from "../errors.js";
import { reasonOf } from "../remote-client.js";

const MAX_ATTEMPTS = 4;
const DELAY_MS = 500;
const MAX_DELAY_MS = 60_000;

/** An HTTP client for the REST API of a legacy system. Retries network errors, 429 and 5xx responses. */
export class SourceClient {
  /** The base address, without a trailing slash. */
  private readonly base: string;
  private readonly host: string;

  constructor(
    address: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly timeoutMs: number,
    private readonly signal: AbortSignal,
  ) {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || url.password !== "") {
      throw usageError("The legacy system must have an address such as https://desk.example.com");
    }
    this.base = `${url.origin}${url.pathname.replace(/\/$/, "")}`;
    this.host = url.host;
  }

  /** @throws CliError when the request is refused, or fails in every attempt */
  async json<Body>(path: string): Promise<Body> {
    return this.withRetries(path, async (response) => (await response.json()) as Body);
  }

  /** The response body as a stream; the reader handles a connection that breaks. */
  async stream(path: string): Promise<AsyncIterable<Uint8Array>> {
    return this.withRetries(path, (response) => Promise.resolve(response.body ?? emptyBody()));
  }

  streamError(error: unknown): CliError {
    if (this.signal.aborted) return interrupted();
    return unreachable(
      `${this.host} failed: ${reasonOf(error)}. Run the import again: imported users stay`,
    );
  }

  private async withRetries<Result>(
    path: string,
    read: (response: Response) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      let delayMs = DELAY_MS * attempt;
      try {
        const response = await this.fetchPath(path);
        if (response.ok) return await read(response);
        const error = refusedError(response, this.host);
        await response.body?.cancel();
        if (error || attempt === MAX_ATTEMPTS) throw error ?? attemptsError(response, this.host);
        const seconds = Number(response.headers.get("retry-after") ?? 0);
        delayMs = Math.min(MAX_DELAY_MS, Math.max(delayMs, seconds * 1000));
      } catch (error) {
        if (this.signal.aborted) throw interrupted();
        if (error instanceof CliError) throw error;
        if (attempt === MAX_ATTEMPTS) throw this.streamError(error);
      }
      await sleep(delayMs, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }

  private fetchPath(path: string): Promise<Response> {
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(this.timeoutMs)]);
    // A redirect would send the credential to another server.
    return fetch(`${this.base}${path}`, { headers: this.headers, redirect: "error", signal });
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

/** An error for a response that a retry would not change, else null. */
function refusedError({ status }: Response, host: string): CliError | null {
  if (status === 429 || status >= 500) return null;
  const message =
    status === 401 || status === 403
      ? `${host} does not accept the credential (${status})`
      : `${host} responds with ${status}: is this the address of that system?`;
  return new CliError("SOURCE_REFUSED", message, exitCodes.refused);
}

const attemptsError = ({ status }: Response, host: string): CliError =>
  unreachable(`${host} responds with ${status} repeatedly: try later`);
