import { Semaphore } from "../database/semaphore.js";
import { type EventFilter, type LoggedEvent, matchesFilter } from "./event.js";
import type { EventLog } from "./log.js";
import type { Page } from "./subscriber.js";

/** Events per page. */
const PAGE_SIZE = 250;
/** Ids per statement. It limits the duration of a statement whose filter matches few events. */
const WINDOW = 10_000;
/** Thousands of subscribers may resume at the same time: they leave most connections to other requests. */
const CONCURRENT_READS_MAX = 3;
/** Events that are kept in memory at least, once there were as many. */
const RECENT_MIN = 10_000;

/** The latest events, in memory: most subscribers that lost their connection resume from here. */
export class RecentEvents {
  private events: LoggedEvent[] = [];
  private copies = new Map<LoggedEvent, LoggedEvent>();
  private batch = {};

  /** @param position every event after this id is here */
  constructor(private position: number) {}

  get since(): number {
    return this.position;
  }

  add(events: readonly LoggedEvent[]): void {
    this.events.push(...events);
    if (this.events.length < 2 * RECENT_MIN) return;
    this.position = this.events.at(-RECENT_MIN - 1)?.id ?? this.position;
    this.events = this.events.slice(-RECENT_MIN);
  }

  /** Makes later pages load the current state of what their events are about. */
  refresh(): void {
    this.copies = new Map();
    this.batch = {};
  }

  /** @param after not below `since` */
  page(filter: EventFilter, after: number): Page {
    const found: LoggedEvent[] = [];
    let upTo = after;
    for (let i = this.events.findLastIndex(({ id }) => id <= after) + 1; ; i += 1) {
      const event = this.events[i];
      if (!event || found.length === PAGE_SIZE) break;
      upTo = event.id;
      if (matchesFilter(filter, event)) found.push(this.copyOf(event));
    }
    return { events: found, upTo };
  }

  /** Results are cached by event for as long as the event exists; a copy ends with its subscribers. */
  private copyOf(event: LoggedEvent): LoggedEvent {
    const copy = this.copies.get(event) ?? { ...event, batch: this.batch };
    this.copies.set(event, copy);
    return copy;
  }
}

/** Reads pages of missed events from the table. */
export class ReplayReader {
  private readonly inFlight = new Map<string, Promise<Page>>();
  private readonly semaphore = new Semaphore(CONCURRENT_READS_MAX);

  constructor(private readonly log: EventLog) {}

  /**
   * Concurrent calls with the same arguments share one read.
   *
   * @param upTo an id below which no event is pending
   * @throws Error when some of the events are no longer kept
   */
  async page(filter: EventFilter, after: number, upTo: number): Promise<Page> {
    const end = Math.min(after + WINDOW, upTo);
    const key = JSON.stringify([filter.topic, filter.subjects, after, end]);
    const read =
      this.inFlight.get(key) ??
      this.read(filter, after, end).finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, read);
    const { events, upTo: reached } = await read;
    return { events: events.filter(filter.matches), upTo: reached };
  }

  private async read(filter: EventFilter, after: number, end: number): Promise<Page> {
    await this.semaphore.acquire();
    try {
      const rows = await this.log.between(after, end, filter, PAGE_SIZE);
      const events = await this.log.withFilterData(rows);
      // Checked last: events may be pruned during the read.
      if (after < (await this.log.kept()).first - 1) throw new Error("no longer kept");
      return { events, upTo: rows.length === PAGE_SIZE ? (rows.at(-1)?.id ?? end) : end };
    } finally {
      this.semaphore.release();
    }
  }
}
