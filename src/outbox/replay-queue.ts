import type { EventLog } from "./log.js";
import type { EventFilter } from "./event-filter.js";
import type { Page } from "./replay.js";

/** How many events a page has at most. */
const PAGE_SIZE = 250;
/** How many ids are looked at for one page: a statement takes its time, however rare what it looks for is. */
const WINDOW = 10_000;
/** So many pages are read at once: thousands who come back leave the other requests their connections. */
const LINES = 3;

/** The outbox for those who have missed some of it, page by page. */
export class ReplayQueue {
  private readonly reading = new Map<string, Promise<Page>>();
  private readonly lines: Promise<unknown>[] = Array.from({ length: LINES }, () =>
    Promise.resolve(),
  );
  private asked = 0;

  constructor(private readonly log: EventLog) {}

  /**
   * Those who lost their connection together, and ask for the same, get the same page.
   *
   * @param upTo no event before it will still come
   * @throws when some are no longer kept
   */
  async page(filter: EventFilter, after: number, upTo: number): Promise<Page> {
    const end = Math.min(after + WINDOW, upTo);
    const key = JSON.stringify([filter.topic, filter.subjects, after, end]);
    const known = this.reading.get(key);
    const reading = known ?? this.inLine(() => this.read(filter, after, end));
    if (!known) {
      this.reading.set(key, reading);
      const forget = () => this.reading.delete(key);
      reading.then(forget, forget);
    }
    const page = await reading;
    return { ...page, events: page.events.filter((event) => filter.matches(event)) };
  }

  private inLine<Result>(work: () => Promise<Result>): Promise<Result> {
    const line = this.asked++ % LINES;
    const done = (this.lines[line] ?? Promise.resolve()).then(work);
    this.lines[line] = done.catch(() => undefined);
    return done;
  }

  private async read(filter: EventFilter, after: number, end: number): Promise<Page> {
    const rows = await this.log.between(after, end, filter, PAGE_SIZE);
    const events = await this.log.withFacts(rows);
    // After the reading: what was there then may have been thrown away while it was read.
    if (after < (await this.log.kept()).first - 1) throw new Error("no longer kept");
    return { events, upTo: rows.length === PAGE_SIZE ? (rows.at(-1)?.id ?? end) : end };
  }
}
