import type { LoggedEvent } from "./logged-event.js";

/** The reader was too slow: what it has not taken would not fit into memory. */
export class SlowConsumerError extends Error {
  override readonly name = "SlowConsumerError";
}

interface Waiting {
  readonly resolve: (result: IteratorResult<LoggedEvent>) => void;
  readonly reject: (error: Error) => void;
}

const DONE: IteratorReturnResult<undefined> = { value: undefined, done: true };

export interface EventSource extends AsyncIterableIterator<LoggedEvent> {
  readonly take: (max: number) => LoggedEvent[];
}

/**
 * A bounded queue between the hub and one reader. Of the events about the same thing that wait, only
 * the newest is kept: who is behind needs the latest state of a person, not each step.
 */
export class Subscriber implements EventSource {
  /** By what they are about, oldest first. */
  private readonly queue = new Map<string, LoggedEvent>();
  private waiting: Waiting | undefined;
  private failure: Error | undefined;
  private ended = false;

  constructor(
    private readonly wants: (event: LoggedEvent) => boolean,
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
    const key = aboutOf(event);
    this.queue.delete(key);
    this.queue.set(key, event);
    if (this.queue.size > this.limit) this.fail(new SlowConsumerError("too slow"));
  }

  /** A fault in one reader's wishes is not to stop the others' events. */
  private isWanted(event: LoggedEvent): boolean {
    try {
      return this.wants(event);
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
    const taken = [...this.queue].slice(0, max);
    for (const [key] of taken) this.queue.delete(key);
    return taken.map(([, event]) => event);
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

/** A person has one status but may have several reservations. */
const aboutOf = ({ topic, subject, payload }: LoggedEvent): string =>
  `${topic} ${subject} ${typeof payload.id === "string" ? payload.id : ""}`;
