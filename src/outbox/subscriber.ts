import { EventQueue } from "./event-queue.js";
import { type EventFilter, matchesFilter } from "./event-filter.js";
import { InterruptedError } from "./interrupted-error.js";
import type { LoggedEvent } from "./logged-event.js";

interface Waiting {
  readonly resolve: (result: IteratorResult<LoggedEvent>) => void;
  readonly reject: (error: Error) => void;
}

const DONE: IteratorReturnResult<undefined> = { value: undefined, done: true };

export interface EventSource extends AsyncIterableIterator<LoggedEvent> {
  readonly take: (max: number) => LoggedEvent[];
}

/** A bounded queue between the hub and one reader. */
export class Subscriber implements EventSource {
  private readonly queue = new EventQueue();
  private waiting: Waiting | undefined;
  private failure: Error | undefined;
  private ended = false;

  constructor(
    private readonly filter: EventFilter,
    private readonly limit: number,
    private readonly onEnd: (subscriber: Subscriber) => void,
  ) {}

  get hasEnded(): boolean {
    return this.ended;
  }

  push(event: LoggedEvent): void {
    if (this.ended || !this.isWanted(event)) return;
    if (this.waiting) {
      const { resolve } = this.waiting;
      this.waiting = undefined;
      resolve({ value: event, done: false });
      return;
    }
    this.queue.add(event);
    // What it has not taken would not fit into memory.
    if (this.queue.size > this.limit) this.fail(new InterruptedError("too slow"));
  }

  /** A fault in one reader's wishes is not to stop the others' events. */
  private isWanted(event: LoggedEvent): boolean {
    try {
      return matchesFilter(this.filter, event);
    } catch (error) {
      this.fail(error as Error);
      return false;
    }
  }

  /** Ends it with an error, which the next read gets. */
  fail(error: Error): void {
    if (this.ended) return;
    this.failure = error;
    this.queue.clear();
    this.end();
  }

  /** What is there to be had at once, oldest first. */
  take(max: number): LoggedEvent[] {
    return this.queue.take(max);
  }

  next(): Promise<IteratorResult<LoggedEvent>> {
    const [event] = this.take(1);
    if (event) return Promise.resolve({ value: event, done: false });
    const { failure } = this;
    this.failure = undefined;
    if (failure) return Promise.reject(failure);
    if (this.ended) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<LoggedEvent>> {
    this.queue.clear();
    this.end();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    const { waiting, failure } = this;
    this.waiting = undefined;
    if (waiting && failure) {
      this.failure = undefined;
      waiting.reject(failure);
    } else waiting?.resolve(DONE);
    this.onEnd(this);
  }
}
