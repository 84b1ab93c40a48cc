import type { EventRow } from "./event.js";
import type { EventLog } from "./log.js";

const BATCH_SIZE = 1000;
const NO_IDS: ReadonlySet<number> = new Set();

/** How far below the latest id an event may still be missing when reading starts. */
const START_WINDOW = 1000;

/** A gap usually closes by a commit within this time. Only then is the query for the writers worth its cost. */
const GAP_TIMEOUT_MS = 25;

interface Gap {
  readonly seenAt: number;
  /** The highest id that was visible with the gap: every id below it was assigned by then. */
  readonly upTo: number;
  /** The transactions that were writing events when they were first queried. */
  writers?: ReadonlySet<string>;
}

/**
 * Reads the outbox in the order of its ids, each event once, without omissions.
 *
 * Ids are assigned before the commit, so a lower id can become visible after a higher one. Reading
 * therefore stops at a gap until the event is visible, or until all transactions that were writing events
 * when the gap was seen have ended: then the id belongs to a rollback. A transaction that changes a user
 * locks the user while the ids are assigned, so the events of one user are in the order of the changes
 * (docs/decisions/0013-outbox.md).
 */
export class OutboxTail {
  private lastId = 0;
  private gap: Gap | null = null;
  private blocked = NO_IDS;

  constructor(private readonly log: EventLog) {}

  /** The id of the last event that was read, or that precedes the first read. */
  get position(): number {
    return this.lastId;
  }

  get isAtGap(): boolean {
    return this.gap !== null;
  }

  /** The events that were visible at the last read but cannot be read yet, because they follow a gap. */
  get blockedIds(): ReadonlySet<number> {
    return this.blocked;
  }

  /** Starts after the latest event, or before the lowest id that may still become visible. */
  async start(): Promise<void> {
    const ids = await this.log.latestIds(START_WINDOW);
    // In an empty table, every assigned id may still become visible.
    const last = ids[0] ?? (await this.log.kept()).last;
    const belowGap = ids.length === 0 ? 0 : ids.findLast((id, i) => i > 0 && id + 1 !== ids[i - 1]);
    const isFinal = belowGap === undefined || (await this.log.writers()).size === 0;
    this.lastId = isFinal ? last : belowGap;
  }

  /** @returns the events after the position, up to a gap. `advance` moves the position */
  async peek(): Promise<{ events: readonly EventRow[]; isFull: boolean }> {
    const settledUpTo = await this.settledUpTo();
    const rows = await this.log.after(this.lastId, BATCH_SIZE);
    const stop = rows.findIndex(
      ({ id }, i) => id !== (rows[i - 1]?.id ?? this.lastId) + 1 && id > settledUpTo,
    );
    if (stop < 0) this.gap = null;
    else if (!this.gap || (rows[stop]?.id ?? 0) > this.gap.upTo) {
      this.gap = { seenAt: performance.now(), upTo: rows.at(-1)?.id ?? 0 };
    }
    this.blocked = stop < 0 ? NO_IDS : new Set(rows.slice(stop).map(({ id }) => id));
    return stop < 0
      ? { events: rows, isFull: rows.length === BATCH_SIZE }
      : { events: rows.slice(0, stop), isFull: false };
  }

  advance(events: readonly EventRow[]): void {
    this.lastId = events.at(-1)?.id ?? this.lastId;
  }

  /** @returns the id below which no missing event can become visible */
  private async settledUpTo(): Promise<number> {
    const { gap } = this;
    if (!gap || performance.now() - gap.seenAt < GAP_TIMEOUT_MS) return 0;
    const now = await this.log.writers();
    gap.writers ??= now;
    const isSettled = [...gap.writers].every((writer) => !now.has(writer));
    return isSettled ? gap.upTo : 0;
  }
}
