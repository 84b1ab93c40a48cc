import type { Logger } from "../logger.js";
import type { Doorbell } from "./doorbell.js";
import type { EventLog } from "./event-log.js";
import type { EventTopic, LoggedEvent } from "./logged-event.js";
import { AsOfNow } from "./as-of-now.js";
import { OutboxTail } from "./outbox-tail.js";
import { type EventSource, Subscriber } from "./subscriber.js";

/** How often it looks by itself: how late an event can be when every ring is lost. */
const POLL_MS = 200;
/** How soon it looks again at a place where an event is still missing. */
const GAP_POLL_MS = 10;
/** Rings that come closer together than this are answered together. */
const PAUSE_MS = 4;
/** The latest events are kept in memory: all who lost their connection at once resume from there. */
const RECENT_MAX = 10_000;
/** Who has missed more than this is told to read afresh. */
const REPLAY_MAX = 50_000;
const REPLAY_BATCH = 1000;

type Wants = (event: LoggedEvent) => boolean;

export interface Following {
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
  private readonly subscribers = new Set<Subscriber>();
  private readonly watchers = new Map<EventTopic, (event: LoggedEvent) => void>();
  private readonly tail: OutboxTail;
  /** The events after `recentSince`, up to where the tail is. Told as copies. */
  private recent: LoggedEvent[] = [];
  private recentSince = 0;
  /** What those who resume after the same reading share of `recent`. */
  private resumed = new AsOfNow();
  private starting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private followed = 0;
  private isWoken = false;
  private isRunning = false;
  private running: Promise<void> = Promise.resolve();
  private looking: Promise<void> | undefined;
  private isFailing = false;
  private hasClosed = false;

  constructor(
    private readonly log: EventLog,
    private readonly doorbell: Doorbell,
    private readonly queueLimit: number,
    private readonly logger: Logger,
  ) {
    this.tail = new OutboxTail(log);
  }

  /**
   * Follows the events from now on, or from after an event without leaving one out.
   *
   * @param after the id of the last event that the reader has had; null: from now on
   */
  async follow(wants: Wants, after: number | null = null): Promise<Following> {
    await this.start();
    // What was committed before somebody asked is of the past, even if nobody has looked yet.
    await this.look();
    if (after !== null) {
      const reader = this.subscriber((event) => event.id > after && wants(event));
      if (await this.resume(reader, after)) return { events: reader, hasGap: false, since: after };
    }
    const { heldUp } = this.tail;
    const isNew: Wants = (event) => !heldUp.has(event.id) && wants(event);
    const reader = this.subscriber(heldUp.size === 0 ? wants : isNew);
    this.join(reader);
    return { events: reader, hasGap: after !== null, since: this.tail.at };
  }

  /** How many are following now, and how many ever were. */
  get followers(): { readonly now: number; readonly total: number } {
    return { now: this.subscribers.size, total: this.followed };
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
    for (const subscriber of this.subscribers) await subscriber.return();
    await this.doorbell.close();
  }

  private subscriber(wants: Wants): Subscriber {
    return new Subscriber(wants, this.queueLimit, (ended) => this.subscribers.delete(ended));
  }

  /** From here on it is told of everything behind the place where the tail is now. */
  private join(reader: Subscriber): void {
    this.followed += 1;
    if (this.hasClosed) void reader.return();
    else this.subscribers.add(reader);
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
    this.recentSince = this.tail.at;
    if (this.hasClosed) return;
    this.doorbell.listen(() => this.wake());
    this.schedule(POLL_MS);
  }

  /**
   * Tells what was missed, from the table and then from memory, and joins.
   *
   * @returns false when some are gone, or too many to tell
   */
  private async resume(reader: Subscriber, after: number): Promise<boolean> {
    if (after > this.tail.at && after > (await this.log.kept()).last) return false;
    let position = after;
    for (let told = 0; position < this.recentSince; told += REPLAY_BATCH) {
      if (told >= REPLAY_MAX) return false;
      const upTo = this.recentSince;
      const rows = await this.log.after(position, REPLAY_BATCH);
      const passed = rows.filter(({ id }) => id <= upTo);
      for (const event of await this.log.withFacts(passed)) reader.push(event);
      // After the reading: what was there then may have been thrown away while it was read.
      if (after < (await this.log.kept()).first - 1) return false;
      position = passed.length === REPLAY_BATCH ? (passed.at(-1)?.id ?? upTo) : upTo;
    }
    // Without a pause from here on, so that nothing comes between the latest events and the next.
    for (const event of this.recent) {
      if (event.id > position) reader.push(this.resumed.copyOf(event));
    }
    if (reader.hasEnded) return false;
    this.join(reader);
    return true;
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
    this.resumed = new AsOfNow();
    let isFull = false;
    try {
      isFull = await this.handOut();
      this.isFailing = false;
    } finally {
      this.isRunning = false;
      if (isFull || this.isWoken) this.schedule(PAUSE_MS);
      else this.schedule(this.tail.isWaiting ? GAP_POLL_MS : POLL_MS);
    }
  }

  private async handOut(): Promise<boolean> {
    const { events: rows, isFull } = await this.tail.peek();
    if (rows.length === 0) return isFull;
    const events = await this.log.withFacts(rows);
    // All of this at once: who begins to follow sees it either done or not begun.
    this.tail.take(rows);
    this.keep(events);
    const now = new AsOfNow();
    for (const event of events.map((kept) => now.copyOf(kept))) {
      this.watchers.get(event.topic)?.(event);
      for (const subscriber of this.subscribers) subscriber.push(event);
    }
    return isFull;
  }

  private keep(events: readonly LoggedEvent[]): void {
    this.recent.push(...events);
    if (this.recent.length < 2 * RECENT_MAX) return;
    this.recentSince = this.recent.at(-RECENT_MAX - 1)?.id ?? this.recentSince;
    this.recent = this.recent.slice(-RECENT_MAX);
  }
}
