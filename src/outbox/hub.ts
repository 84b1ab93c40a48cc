import type { Logger } from "../observability/logging/logger.js";
import type { EventFilter, EventTopic, LoggedEvent } from "./event.js";
import type { EventLog } from "./log.js";
import type { Notifier } from "./notifier.js";
import { PollLoop, type Remainder } from "./poll-loop.js";
import { RecentEvents, ReplayReader } from "./replay.js";
import { type Page, type ReadPage, Subscriber } from "./subscriber.js";
import { OutboxTail } from "./tail.js";

/** How far the outbox is read. */
export interface OutboxState {
  /** The last event that was published. */
  readonly lastId: number;
  /** Age of the oldest event at the last read, or how long reads have been failing if that is longer. */
  readonly lagMs: number;
  /** An event is missing whose successors are visible. */
  readonly isAtGap: boolean;
  /** Notifications of other processes are received. */
  readonly isListening: boolean;
}

export interface EventSubscription {
  readonly events: Pick<Subscriber, "next" | "take" | "end">;
  /** Events were missed that are no longer kept: the subscriber has to reload the current state. */
  readonly hasGap: boolean;
  /** The id of the event after which `events` start. */
  readonly since: number;
}

/**
 * The outbox: publishes the rows of the table `events` to the subscribers of this process.
 *
 * The hub reads the outbox once for all subscribers, in a poll loop that notifications wake: a lost
 * notification delays an event, but loses none. `tail.ts` yields each event once and in order, `log.ts`
 * has the statements, `subscriber.ts` the bounded queue of a subscriber, and `replay.ts` the events that a
 * subscriber missed. The first subscriber starts the loop.
 *
 * This folder may import `domain`, `observability` and `database`; it knows no permission and no transport.
 */
export class EventHub {
  private readonly subscribers = new Set<Subscriber>();
  private readonly watchers = new Map<EventTopic, (event: LoggedEvent) => void>();
  private readonly tail: OutboxTail;
  private recent = new RecentEvents(0);
  private readonly replayReader: ReplayReader;
  private readonly loop = new PollLoop(() => this.read());
  private starting: Promise<void> | undefined;
  private subscribedTotal = 0;
  private isFailing = false;
  private lagMs = 0;
  private readAt = 0;
  private hasClosed = false;

  constructor(
    private readonly log: EventLog,
    private readonly notifier: Notifier,
    private readonly queueLimit: number,
    private readonly logger: Logger,
  ) {
    this.tail = new OutboxTail(log);
    this.replayReader = new ReplayReader(log);
  }

  /**
   * Subscribes to the events from now on, or to all events after a given one.
   *
   * @param after the id of the last event that the client has received; null: from now on
   */
  async subscribe(filter: EventFilter, after: number | null = null): Promise<EventSubscription> {
    await this.catchUp();
    if (after !== null && (await this.isKept(after))) {
      const isNew = ({ id }: LoggedEvent) => id > after;
      const readPage: ReadPage = (position) => this.missedEvents(filter, position);
      return { events: this.add(filter, isNew, after, readPage), hasGap: false, since: after };
    }
    const { blockedIds, position } = this.tail;
    const isNew = ({ id }: LoggedEvent) => !blockedIds.has(id);
    const events = this.add(filter, isNew, position, null);
    return { events, hasGap: after !== null, since: position };
  }

  /** Calls back for each later event of a topic, before a subscriber receives that event or a later one. */
  async watch(topic: EventTopic, listener: (event: LoggedEvent) => void): Promise<void> {
    await this.catchUp();
    const { blockedIds } = this.tail;
    this.watchers.set(topic, (event) => {
      if (!blockedIds.has(event.id)) listener(event);
    });
  }

  get state(): OutboxState {
    const { tail, notifier, isFailing, lagMs, readAt } = this;
    return {
      lastId: tail.position,
      lagMs: isFailing ? Math.max(lagMs, performance.now() - readAt) : lagMs,
      isAtGap: tail.isAtGap,
      isListening: notifier.isListening,
    };
  }

  /** Subscribers now, and all since the start of the process. */
  get subscriberCounts(): { readonly now: number; readonly total: number } {
    return { now: this.subscribers.size, total: this.subscribedTotal };
  }

  async close(): Promise<void> {
    this.hasClosed = true;
    this.loop.stop();
    for (const subscriber of this.subscribers) subscriber.end();
    await this.notifier.close();
  }

  /** Publishes all events that were committed before the call: for a new subscriber they are in the past. */
  private async catchUp(): Promise<void> {
    this.starting ??= this.start().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    await this.starting;
    await this.loop.readNow();
  }

  private async start(): Promise<void> {
    await this.tail.start();
    this.recent = new RecentEvents(this.tail.position);
    if (this.hasClosed) return;
    this.notifier.listen(() => this.loop.wake());
    this.loop.start();
  }

  /** @param isNew whether a published event comes after the start of the subscription */
  private add(
    filter: EventFilter,
    isNew: (event: LoggedEvent) => boolean,
    after: number,
    readPage: ReadPage | null,
  ): Subscriber {
    const subscriber = new Subscriber({
      filter: { ...filter, matches: (event) => isNew(event) && filter.matches(event) },
      queueLimit: this.queueLimit,
      after,
      readPage,
      onEnd: (ended) => this.subscribers.delete(ended),
    });
    this.subscribedTotal += 1;
    this.subscribers.add(subscriber);
    if (this.hasClosed) subscriber.end();
    return subscriber;
  }

  /** Whether all events after this one can be replayed. */
  private async isKept(after: number): Promise<boolean> {
    if (after >= this.recent.since && after <= this.tail.position) return true;
    const { first, last } = await this.log.kept();
    return after >= first - 1 && after <= last;
  }

  /** A page from the table or from memory. */
  private missedEvents(filter: EventFilter, after: number): Page | null | Promise<Page> {
    const { since } = this.recent;
    if (after < since) return this.replayReader.page(filter, after, since);
    const page = this.recent.page(filter, after);
    return page.events.length > 0 ? page : null;
  }

  private async read(): Promise<Remainder> {
    this.recent.refresh();
    try {
      const isFull = await this.publish();
      this.isFailing = false;
      this.readAt = performance.now();
      if (isFull) return "MORE";
      return this.tail.isAtGap ? "GAP" : "NONE";
    } catch (error) {
      if (!this.isFailing && !this.hasClosed)
        this.logger.warn({ err: error }, "events cannot be read; trying again");
      this.isFailing = true;
      throw error;
    }
  }

  /** @returns whether there are more events than one read returns */
  private async publish(): Promise<boolean> {
    const { events: rows, isFull } = await this.tail.peek();
    this.lagMs = rows[0]?.ageMs ?? 0;
    if (rows.length === 0) return isFull;
    const events = await this.log.withFilterData(rows);
    // Synchronous from here on: for a new subscriber all of these events are published, or none.
    this.tail.advance(rows);
    this.recent.add(events);
    const batch = {};
    for (const event of events) {
      // A copy, since cached results live as long as their event, and `recent` keeps the original.
      const published = { ...event, batch };
      this.watchers.get(event.topic)?.(published);
      for (const subscriber of this.subscribers) subscriber.push(published);
    }
    return isFull;
  }
}
