import { EventQueue } from "./event-queue.js";
import { InterruptedError } from "./interrupted-error.js";
import type { LoggedEvent } from "./logged-event.js";
import type { EventSource, Subscriber } from "./subscriber.js";

/** Some of what was missed. */
export interface Page {
  readonly events: readonly LoggedEvent[];
  /** Up to here nothing is left out that is wanted. */
  readonly upTo: number;
}

/** @returns what comes after an event; null when there is nothing, and the subscriber has it from now on */
export type TurnPage = (after: number) => Page | null | Promise<Page>;

/**
 * What somebody has missed, and then what happens. It is read a page at a time, as fast as it is taken: however
 * much there is and however slow its reader, a page is all that waits. Only who has caught up is a subscriber.
 */
export class Replay implements EventSource {
  private readonly page = new EventQueue();
  private hasCaughtUp = false;

  constructor(
    private readonly live: Subscriber,
    private position: number,
    private readonly turnPage: TurnPage,
  ) {}

  async next(): Promise<IteratorResult<LoggedEvent>> {
    while (!this.hasCaughtUp && !this.live.hasEnded) {
      const [event] = this.page.take(1);
      if (event) return { value: event, done: false };
      await this.turn();
    }
    return this.live.next();
  }

  take(max: number): LoggedEvent[] {
    return this.hasCaughtUp ? this.live.take(max) : this.page.take(max);
  }

  return(): Promise<IteratorResult<LoggedEvent>> {
    this.page.clear();
    return this.live.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private async turn(): Promise<void> {
    try {
      const page = await this.turnPage(this.position);
      if (!page) this.hasCaughtUp = true;
      else {
        this.position = page.upTo;
        for (const event of page.events) this.page.add(event);
      }
    } catch (error) {
      this.live.fail(new InterruptedError("what was missed cannot be read", { cause: error }));
    }
  }
}
