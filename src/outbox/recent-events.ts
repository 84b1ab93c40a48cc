import { EventBatchReads } from "./event-batch-reads.js";
import { type EventFilter, matchesFilter } from "./event-filter.js";
import type { LoggedEvent } from "./logged-event.js";
import type { Page } from "./replay.js";

const KEPT = 10_000;
const PAGE_SIZE = 250;

/** The latest events, in memory: all who lost their connection at once resume from there. */
export class RecentEvents {
  private events: LoggedEvent[] = [];
  private start = 0;
  /** What those who resume after the same reading share. */
  private resumed = new EventBatchReads();

  /** Of the events behind this one none is left out. */
  get since(): number {
    return this.start;
  }

  beginAt(id: number): void {
    this.start = id;
  }

  add(events: readonly LoggedEvent[]): void {
    this.events.push(...events);
    if (this.events.length < 2 * KEPT) return;
    this.start = this.events.at(-KEPT - 1)?.id ?? this.start;
    this.events = this.events.slice(-KEPT);
  }

  /** Who resumes from now on is shown how things are now. */
  refresh(): void {
    this.resumed = new EventBatchReads();
  }

  /** @param after not before `since` */
  page(filter: EventFilter, after: number): Page {
    const found: LoggedEvent[] = [];
    let upTo = after;
    for (let i = this.events.findLastIndex(({ id }) => id <= after) + 1; ; i += 1) {
      const event = this.events[i];
      if (!event || found.length === PAGE_SIZE) break;
      upTo = event.id;
      if (matchesFilter(filter, event)) found.push(this.resumed.copyOf(event));
    }
    return { events: found, upTo };
  }
}
