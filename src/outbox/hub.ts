import type { Logger } from "../observability/logging/logger.js";
import type { Notifier } from "./notifier.js";
import type { EventLog } from "./log.js";
import type { EventTopic, LoggedEvent } from "./logged-event.js";
import { EventBatchReads } from "./event-batch-reads.js";
import type { EventFilter } from "./event-filter.js";
import { ReplayQueue } from "./replay-queue.js";
import { OutboxTail } from "./tail.js";
import { RecentEvents } from "./recent-events.js";
import { Replay } from "./replay.js";
import { type EventSource, Subscriber } from "./subscriber.js";

/** How often it looks by itself: how late an event can be when every ring is lost. */
const POLL_MS = 200;
/** How soon it looks again at a place where an event is still missing. */
const GAP_POLL_MS = 10;
/** Rings that come closer together than this are answered together. */
const PAUSE_MS = 4;

/** How far the outbox is read. */
export interface OutboxState {
  /** The last event that was handed out. */
  readonly lastId: number;
  /** How old the oldest event was that was read last; for how long reading has failed, if that is longer. */
  readonly lagMs: number;
  /** An event is missing whose successors are there. */
  readonly isAtGap: boolean;
  /** The doorbell can be heard. */
  readonly isListening: boolean;
}

export interface EventSubscription {
  readonly events: EventSource;
  /** Events were missed that cannot be told any more: the reader should look at the present state. */
  readonly hasGap: boolean;
  /** The id of the event after which `events` begin. */
  readonly since: number;
}

/**
 * Reads the outbox once for the whole process and hands each event to whoever wants it, in order. It is
 * woken by the doorbell and looks by itself now and then, so a ring that is lost costs time, never an
 * event. It begins with the first subscriber.
 */
export class EventHub {
  /** All who follow, also those who are still being told what they have missed. */
  private readonly readers = new Set<Subscriber>();
  /** Those of them who are told of what happens. */
  private readonly receiving = new Set<Subscriber>();
  private readonly watchers = new Map<EventTopic, (event: LoggedEvent) => void>();
  private readonly tail: OutboxTail;
  /** The events up to where the tail is. Told as copies. */
  private readonly recent = new RecentEvents();
  private readonly missed: ReplayQueue;
  private starting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private followed = 0;
  private isWoken = false;
  private isRunning = false;
  private running: Promise<void> = Promise.resolve();
  private looking: Promise<void> | undefined;
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
    this.missed = new ReplayQueue(log);
  }

  /**
   * Follows the events from now on, or from after an event without leaving one out.
   *
   * @param after the id of the last event that the reader has had; null: from now on
   */
  async follow(filter: EventFilter, after: number | null = null): Promise<EventSubscription> {
    await this.start();
    // What was committed before somebody asked is of the past, even if nobody has looked yet.
    await this.look();
    if (after !== null && (await this.isKept(after))) {
      return { events: this.resume(filter, after), hasGap: false, since: after };
    }
    const { heldUp } = this.tail;
    const reader = this.welcome(filter, ({ id }) => !heldUp.has(id));
    if (!reader.hasEnded) this.receiving.add(reader);
    return { events: reader, hasGap: after !== null, since: this.tail.at };
  }

  get outboxState(): OutboxState {
    const { tail, notifier, isFailing, lagMs, readAt } = this;
    return {
      lastId: tail.at,
      lagMs: isFailing ? Math.max(lagMs, performance.now() - readAt) : lagMs,
      isAtGap: tail.isWaiting,
      isListening: notifier.isListening,
    };
  }

  /** How many are following now, and how many ever were. */
  get subscribers(): { readonly now: number; readonly total: number } {
    return { now: this.readers.size, total: this.followed };
  }

  /** Calls back for each event of a topic from now on, before any subscriber gets it or a later one. */
  async watch(topic: EventTopic, listener: (event: LoggedEvent) => void): Promise<void> {
    await this.start();
    await this.look();
    const { heldUp } = this.tail;
    this.watchers.set(topic, (event) => {
      if (!heldUp.has(event.id)) listener(event);
    });
  }

  async close(): Promise<void> {
    this.hasClosed = true;
    clearTimeout(this.timer);
    for (const reader of this.readers) await reader.return();
    await this.notifier.close();
  }

  /** @param isNew of events that are of interest, those that it may be told of */
  private welcome(filter: EventFilter, isNew: (event: LoggedEvent) => boolean): Subscriber {
    const matches: EventFilter["matches"] = (event) => isNew(event) && filter.matches(event);
    const reader = new Subscriber({ ...filter, matches }, this.queueLimit, (ended) => {
      this.readers.delete(ended);
      this.receiving.delete(ended);
    });
    this.followed += 1;
    this.readers.add(reader);
    if (this.hasClosed) void reader.return();
    return reader;
  }

  private start(): Promise<void> {
    this.starting ??= this.begin().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  private async begin(): Promise<void> {
    await this.tail.start();
    this.recent.beginAt(this.tail.at);
    if (this.hasClosed) return;
    this.notifier.listen(() => this.wake());
    this.schedule(POLL_MS);
  }

  /** Whether all that came after it can still be told. */
  private async isKept(after: number): Promise<boolean> {
    if (after >= this.recent.since && after <= this.tail.at) return true;
    const { first, last } = await this.log.kept();
    return after >= first - 1 && after <= last;
  }

  /** From the table, then from memory, and from when nothing is left as it happens. */
  private resume(filter: EventFilter, after: number): EventSource {
    const reader = this.welcome(filter, ({ id }) => id > after);
    return new Replay(reader, after, (position) => {
      if (position < this.recent.since) {
        return this.missed.page(filter, position, this.recent.since);
      }
      // Without a pause from here on, so that nothing comes between the latest event and the next.
      const page = this.recent.page(filter, position);
      if (page.events.length > 0) return page;
      if (!reader.hasEnded) this.receiving.add(reader);
      return null;
    });
  }

  private wake(): void {
    if (this.isWoken) return;
    this.isWoken = true;
    if (!this.isRunning) this.schedule(PAUSE_MS);
  }

  private schedule(afterMs: number): void {
    if (this.hasClosed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.run().catch((error: unknown) => {
        if (!this.isFailing && !this.hasClosed)
          this.logger.warn({ err: error }, "events cannot be read; trying again");
        this.isFailing = true;
      });
    }, afterMs);
  }

  /** Reads what is there now; all who ask at the same time wait for the same reading. */
  private look(): Promise<void> {
    this.looking ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.looking = undefined;
        return this.run();
      });
    return this.looking;
  }

  private run(): Promise<void> {
    if (!this.isRunning) this.running = this.runOnce();
    return this.running;
  }

  private async runOnce(): Promise<void> {
    this.isRunning = true;
    this.isWoken = false;
    this.recent.refresh();
    let isFull = false;
    try {
      isFull = await this.handOut();
      this.isFailing = false;
      this.readAt = performance.now();
    } finally {
      this.isRunning = false;
      if (isFull || this.isWoken) this.schedule(PAUSE_MS);
      else this.schedule(this.tail.isWaiting ? GAP_POLL_MS : POLL_MS);
    }
  }

  private async handOut(): Promise<boolean> {
    const { events: rows, isFull } = await this.tail.peek();
    this.lagMs = rows[0]?.ageMs ?? 0;
    if (rows.length === 0) return isFull;
    const events = await this.log.withFacts(rows);
    // All of this at once: who begins to follow sees it either done or not begun.
    this.tail.take(rows);
    this.recent.add(events);
    const now = new EventBatchReads();
    for (const event of events.map((kept) => now.copyOf(kept))) {
      this.watchers.get(event.topic)?.(event);
      for (const subscriber of this.receiving) subscriber.push(event);
    }
    return isFull;
  }
}
