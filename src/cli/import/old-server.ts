import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes } from "../exit-codes.js";
import { CliError, interrupted, unreachable, usageError } from "../faults.js";
import { reasonOf } from "../remote-gateway.js";

const MAX_ATTEMPTS = 4;
const PAUSE_MS = 500;
const MAX_PAUSE_MS = 60_000;

/** The REST API of an old system, asked with patience: what goes wrong on the way is asked again. */
export class OldServer {
  /** Without a slash at its end. */
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
      throw usageError("The old system must have an address such as https://desk.example.com");
    }
    this.base = `${url.origin}${url.pathname.replace(/\/$/, "")}`;
    this.host = url.host;
  }

  /** @throws CliError when it says no, or nothing that can be read, again and again */
  async json<Body>(path: string): Promise<Body> {
    return this.patiently(path, async (response) => (await response.json()) as Body);
  }

  /** The answer as it comes; one that breaks off is the reader's to see. */
  async stream(path: string): Promise<AsyncIterable<Uint8Array>> {
    return this.patiently(path, (response) => Promise.resolve(response.body ?? emptyBody()));
  }

  broken(error: unknown): CliError {
    if (this.signal.aborted) return interrupted();
    return unreachable(
      `${this.host} broke off: ${reasonOf(error)}. Run it again: what was taken in stays`,
    );
  }

  private async patiently<Result>(
    path: string,
    read: (response: Response) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      let pauseMs = PAUSE_MS * attempt;
      try {
        const response = await this.ask(path);
        if (response.ok) return await read(response);
        const refusal = refusalOf(response, this.host);
        await response.body?.cancel();
        if (refusal || attempt === MAX_ATTEMPTS) throw refusal ?? tooMuch(response, this.host);
        const seconds = Number(response.headers.get("retry-after") ?? 0);
        pauseMs = Math.min(MAX_PAUSE_MS, Math.max(pauseMs, seconds * 1000));
      } catch (error) {
        if (this.signal.aborted) throw interrupted();
        if (error instanceof CliError) throw error;
        if (attempt === MAX_ATTEMPTS) throw this.broken(error);
      }
      await sleep(pauseMs, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }

  private ask(path: string): Promise<Response> {
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(this.timeoutMs)]);
    // Elsewhere the credential is nobody's business.
    return fetch(`${this.base}${path}`, { headers: this.headers, redirect: "error", signal });
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

/** What asking again would not change. */
function refusalOf({ status }: Response, host: string): CliError | null {
  if (status === 429 || status >= 500) return null;
  const words =
    status === 401 || status === 403
      ? `${host} does not accept the credential (${status})`
      : `${host} answers ${status}: is this the address of that system?`;
  return new CliError("SOURCE_REFUSED", words, exitCodes.refused);
}

const tooMuch = ({ status }: Response, host: string): CliError =>
  unreachable(`${host} answers ${status} again and again: try later`);
