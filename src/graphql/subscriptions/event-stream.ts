import type { FormattedExecutionResult } from "graphql";
import type { ServerResponse } from "node:http";
import type { SubscriptionResults } from "./executor.js";

const NEWS = ":\n\n";

/** One response that goes on until somebody ends it: answers as server-sent events. */
export class EventStream {
  private answers: SubscriptionResults | undefined;
  private hasEnded = false;
  /** Lets whoever waits for the network look again. */
  private wake: () => void = () => undefined;

  /** @param stallTimeoutMs how long a reader may take nothing */
  constructor(
    private readonly response: ServerResponse,
    private readonly stallTimeoutMs: number,
  ) {
    // From the beginning: a client may be gone before there is anything to tell.
    response.once("close", () => this.end());
    response.on("drain", () => this.wake());
  }

  /** Nothing more will be told, also if nothing was. */
  get isOver(): boolean {
    return this.hasEnded;
  }

  /** Tells nothing more, without saying that it is complete. */
  end(): void {
    this.hasEnded = true;
    void this.answers?.return?.();
    if (this.response.headersSent) this.response.end();
    this.wake();
  }

  /** Lets proxies and the client know that the connection is alive. */
  keepAlive(): void {
    const { response, isOver } = this;
    if (!isOver && !response.writableNeedDrain) response.write(NEWS);
  }

  /** @returns when the network has taken everything, or there is no network any more */
  async tell(answers: SubscriptionResults | FormattedExecutionResult): Promise<void> {
    const { response } = this;
    // Without `no-transform` a proxy may collect what should go out at once.
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      connection: "close",
    });
    // Some browsers take the headers only with a first byte of the body.
    response.write(NEWS);
    if (!(Symbol.asyncIterator in answers)) {
      await this.write(answers);
    } else {
      this.answers = answers;
      for await (const answer of answers) await this.write(answer);
    }
    if (!this.hasEnded) response.end("event: complete\ndata:\n\n");
    await this.until(() => response.closed);
  }

  private async write(answer: FormattedExecutionResult): Promise<void> {
    const { response } = this;
    if (this.hasEnded) return;
    if (response.write(`event: next\ndata: ${JSON.stringify(answer)}\n\n`)) return;
    await this.until(() => !response.writableNeedDrain);
  }

  /** Waits for the network; who takes nothing for too long is cut off. */
  private async until(isReached: () => boolean): Promise<void> {
    const cut = setTimeout(() => this.response.destroy(), this.stallTimeoutMs).unref();
    while (!isReached()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    clearTimeout(cut);
  }
}
