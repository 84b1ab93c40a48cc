import type { FormattedExecutionResult } from "graphql";
import type { ServerResponse } from "node:http";
import type { SubscriptionResults } from "./executor.js";

const COMMENT = ":\n\n";

/** One response of server-sent events. */
export class SseStream {
  private results: SubscriptionResults | undefined;
  private isEnding = false;
  /** Makes a pending wait check its condition again. */
  private wake: () => void = () => undefined;

  /** @param stallTimeoutMs how long the client may read nothing */
  constructor(
    private readonly response: ServerResponse,
    private readonly stallTimeoutMs: number,
  ) {
    // From the start: a client may disconnect before the first event.
    response.once("close", () => this.end());
    response.on("drain", () => this.wake());
  }

  /** No further event is sent. */
  get hasEnded(): boolean {
    return this.isEnding;
  }

  /** Ends the response without `complete`, so that the client reconnects. */
  end(): void {
    this.isEnding = true;
    void this.results?.return?.();
    if (this.response.headersSent) this.response.end();
    this.wake();
  }

  /** Shows proxies and the client that the connection is alive. */
  keepAlive(): void {
    const { response, hasEnded } = this;
    if (!hasEnded && !response.writableNeedDrain) response.write(COMMENT);
  }

  /** @returns when the response is closed */
  async send(results: SubscriptionResults | FormattedExecutionResult): Promise<void> {
    const { response } = this;
    // Without `no-transform` a proxy may buffer events.
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      connection: "close",
    });
    // Some browsers process the headers only with the first byte of the body.
    response.write(COMMENT);
    if (!(Symbol.asyncIterator in results)) {
      await this.write(results);
    } else {
      this.results = results;
      for await (const result of results) await this.write(result);
    }
    if (!this.isEnding) response.end("event: complete\ndata:\n\n");
    await this.until(() => response.closed);
  }

  /** Waits while the client does not read, so that its events stay in their bounded queue. */
  private async write(result: FormattedExecutionResult): Promise<void> {
    const { response } = this;
    if (this.isEnding) return;
    if (response.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`)) return;
    await this.until(() => !response.writableNeedDrain);
  }

  /** Disconnects the client if the condition does not become true in time. */
  private async until(isTrue: () => boolean): Promise<void> {
    const timeout = setTimeout(() => this.response.destroy(), this.stallTimeoutMs).unref();
    while (!isTrue()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    clearTimeout(timeout);
  }
}
