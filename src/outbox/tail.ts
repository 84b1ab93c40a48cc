import type { EventLog } from "./log.js";
import type { EventRow } from "./logged-event.js";

const BATCH_SIZE = 1000;
const NONE: ReadonlySet<number> = new Set();

/** How far back an event may be missing when reading begins. */
const START_WINDOW = 1000;

/** A missing id is mostly a transaction about to commit; only then is it worth asking who is writing. */
const GAP_PATIENCE_MS = 25;

interface Gap {
  readonly seenAt: number;
  /** The last id that could be seen with it: all before it were given out by then. */
  readonly upTo: number;
  /** Who was writing events when it was asked first. */
  writers?: ReadonlySet<string>;
}

/**
 * Reads the outbox in the order of its ids, each event once and none left out.
 *
 * Ids are given before the commit, so a lower one can become visible after a higher one. Reading
 * therefore stops at a gap until the event has come, or until no transaction is left that was writing
 * events when the gap was seen: then that id belongs to one that was rolled back. Whoever changes a
 * person holds a lock on them while the ids are given, so the events of one person are in the order in
 * which they happened (docs/decisions/0013-outbox.md).
 */
export class OutboxTail {
  private position = 0;
  private gap: Gap | null = null;
  private held: ReadonlySet<number> = NONE;

  constructor(private readonly log: EventLog) {}

  /** The last event that was taken, or that was there before reading began. */
  get at(): number {
    return this.position;
  }

  /** Something is there that cannot be read yet. */
  get isWaiting(): boolean {
    return this.gap !== null;
  }

  /** The events that could be seen already at the last look, behind a gap. */
  get heldUp(): ReadonlySet<number> {
    return this.held;
  }

  /** Begins behind the last event, or before the first one that may still be missing. */
  async start(): Promise<void> {
    const ids = await this.log.latestIds(START_WINDOW);
    // Where nothing can be seen, all that was ever given out may be missing.
    const last = ids[0] ?? (await this.log.kept()).last;
    const belowGap = ids.length === 0 ? 0 : ids.findLast((id, i) => i > 0 && id + 1 !== ids[i - 1]);
    const isFinal = belowGap === undefined || (await this.log.writers()).size === 0;
    this.position = isFinal ? last : belowGap;
  }

  /** @returns what comes next and is there; it stays next until it is taken */
  async peek(): Promise<{ events: readonly EventRow[]; isFull: boolean }> {
    const settledUpTo = await this.settledUpTo();
    const rows = await this.log.after(this.position, BATCH_SIZE);
    const stop = rows.findIndex(
      ({ id }, i) => id !== (rows[i - 1]?.id ?? this.position) + 1 && id > settledUpTo,
    );
    if (stop < 0) this.gap = null;
    else if (!this.gap || (rows[stop]?.id ?? 0) > this.gap.upTo) {
      this.gap = { seenAt: performance.now(), upTo: rows.at(-1)?.id ?? 0 };
    }
    this.held = stop < 0 ? NONE : new Set(rows.slice(stop).map(({ id }) => id));
    return stop < 0
      ? { events: rows, isFull: rows.length === BATCH_SIZE }
      : { events: rows.slice(0, stop), isFull: false };
  }

  take(events: readonly EventRow[]): void {
    this.position = events.at(-1)?.id ?? this.position;
  }

  /** Ids before this one that are missing will never come. */
  private async settledUpTo(): Promise<number> {
    const { gap } = this;
    if (!gap || performance.now() - gap.seenAt < GAP_PATIENCE_MS) return 0;
    const now = await this.log.writers();
    gap.writers ??= now;
    const isSettled = [...gap.writers].every((writer) => !now.has(writer));
    return isSettled ? gap.upTo : 0;
  }
}
