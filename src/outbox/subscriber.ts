import { type EventFilter, type LoggedEvent, matchesFilter } from "./event.js";

/** A subscription cannot continue. The client loses nothing if it resumes after its last event. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** Missed events. */
export interface Page {
  readonly events: readonly LoggedEvent[];
  /** All matching events up to this id are in this page or an earlier one. */
  readonly upTo: number;
}

/** @returns the missed events after an id; null, synchronously, when none is left */
export type ReadPage = (after: number) => Page | null | Promise<Page>;

/** Pending events, oldest first, coalesced: a newer event about the same thing replaces an older one. */
class EventQueue {
  private readonly events = new Map<string, LoggedEvent>();

  get size(): number {
    return this.events.size;
  }

  add(event: LoggedEvent): void {
    const key = coalescingKey(event);
    this.events.delete(key);
    this.events.set(key, event);
  }

  take(max: number): LoggedEvent[] {
    const taken: LoggedEvent[] = [];
    for (const [key, event] of this.events) {
      if (taken.length >= max) break;
      taken.push(event);
      this.events.delete(key);
    }
    return taken;
  }

  clear(): void {
    this.events.clear();
  }
}

/** A user has one presence but may have several reservations, which have ids in the payload. */
const coalescingKey = ({ topic, subject, payload }: LoggedEvent): string =>
  `${topic} ${subject} ${typeof payload.id === "string" ? payload.id : ""}`;

interface PendingRead {
  readonly resolve: (event: LoggedEvent | null) => void;
  readonly reject: (error: Error) => void;
}

export interface SubscriberOptions {
  readonly filter: EventFilter;
  /** The number of new events that may be pending. */
  readonly queueLimit: number;
  /** The id of the last event that the client has received. */
  readonly after: number;
  /** Null: the subscriber has missed no event. */
  readonly readPage: ReadPage | null;
  readonly onEnd: (subscriber: Subscriber) => void;
}

/**
 * The events of one subscription: first those that it has missed, then new ones.
 *
 * Missed events are read a page at a time, when the client has consumed the previous page, so a slow
 * client costs one page of memory. New events are queued from when no missed event is left; a client that
 * lets too many of them wait is disconnected, and resumes.
 */
export class Subscriber {
  private readonly queue = new EventQueue();
  private position: number;
  private isReplaying: boolean;
  private pendingRead: PendingRead | undefined;
  private failure: Error | undefined;
  private hasEnded = false;

  constructor(private readonly options: SubscriberOptions) {
    this.position = options.after;
    this.isReplaying = options.readPage !== null;
  }

  /** Queues a new event if it matches. */
  push(event: LoggedEvent): void {
    if (this.isReplaying || this.hasEnded || !this.matches(event)) return;
    const read = this.pendingRead;
    if (read) {
      this.pendingRead = undefined;
      read.resolve(event);
      return;
    }
    this.queue.add(event);
    if (this.queue.size > this.options.queueLimit) this.fail(new InterruptedError("too slow"));
  }

  /**
   * @returns the next event; null when the subscription has ended
   * @throws the error that ended it, such as InterruptedError
   */
  async next(): Promise<LoggedEvent | null> {
    for (;;) {
      const [event] = this.take(1);
      if (event) return event;
      if (this.failure) throw this.failure;
      if (this.hasEnded) return null;
      if (!this.isReplaying) return this.nextPushed();
      await this.replay();
    }
  }

  /** @returns events that are already queued, oldest first */
  take(max: number): LoggedEvent[] {
    return this.queue.take(max);
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.queue.clear();
    const { pendingRead, failure } = this;
    this.pendingRead = undefined;
    if (failure) pendingRead?.reject(failure);
    else pendingRead?.resolve(null);
    this.options.onEnd(this);
  }

  private fail(error: Error): void {
    this.failure = error;
    this.end();
  }

  private nextPushed(): Promise<LoggedEvent | null> {
    return new Promise((resolve, reject) => {
      this.pendingRead = { resolve, reject };
    });
  }

  private async replay(): Promise<void> {
    try {
      const result = this.options.readPage?.(this.position) ?? null;
      // In the same tick as the read, so that no event is pushed between the two.
      if (result === null) this.isReplaying = false;
      else {
        const { events, upTo } = await result;
        if (this.hasEnded) return;
        this.position = upTo;
        for (const event of events) this.queue.add(event);
      }
    } catch (error) {
      this.fail(new InterruptedError("missed events cannot be read", { cause: error }));
    }
  }

  /** An error in the filter of one subscriber must not stop the events of the others. */
  private matches(event: LoggedEvent): boolean {
    try {
      return matchesFilter(this.options.filter, event);
    } catch (error) {
      this.fail(error as Error);
      return false;
    }
  }
}
