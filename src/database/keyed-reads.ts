import { keyArray } from "./key-array.js";
import type { Send } from "./same-reads.js";

/** What belongs to each of several keys. */
export interface KeyedRead<Row> {
  /** With the keys as $1; it says all else that there is to say. It must read and not write. */
  readonly sql: string;
  readonly toRow: (raw: object) => Row;
  /** A row may belong to several. */
  readonly keyOf: (row: Row) => number | readonly number[];
}

/** In the order of the statement. Others may have asked for the same: nobody changes them. */
export type RowsByKey<Row> = ReadonlyMap<number, readonly Row[]>;

/** So long at most one waits for the one before it: by then that has met with a slow connection, or a slow database. */
const PATIENCE_MS = 20;

/** Whoever comes when so many keys are there is read for by another statement. */
const KEYS_MAX = 1000;

interface Batch<Row> {
  readonly keys: Set<number>;
  readonly rows: Promise<RowsByKey<Row>>;
}

/**
 * Reads of the same kind at the same time are one: for the keys of all who ask in the same turn of the event loop and, while
 * one is under way, of those who ask until it ends. Nobody's answer is older than their question. So the more is asked, the
 * less each of it costs.
 */
export class KeyedReads {
  /** By their statements, of which there are as many as sets of columns. */
  private readonly queues = new Map<string, Queue<unknown>>();

  constructor(private readonly send: Send) {}

  read<Row>(read: KeyedRead<Row>, keys: readonly number[]): Promise<RowsByKey<Row>> {
    const { sql } = read;
    let queue = this.queues.get(sql) as Queue<Row> | undefined;
    if (!queue) {
      queue = new Queue(read, this.send);
      this.queues.set(sql, queue as Queue<unknown>);
    }
    return queue.ask(keys);
  }
}

class Queue<Row> {
  /** Whoever asks now may still join it. */
  private waiting: Batch<Row> | undefined;
  private underWay = 0;
  private readonly onEnded: (() => void)[] = [];

  constructor(
    private readonly what: KeyedRead<Row>,
    private readonly send: Send,
  ) {}

  ask(asked: readonly number[]): Promise<RowsByKey<Row>> {
    const { keys, rows } = this.waiting ?? this.begin();
    for (const key of asked) keys.add(key);
    if (keys.size >= KEYS_MAX) this.waiting = undefined;
    return rows;
  }

  private begin(): Batch<Row> {
    const keys = new Set<number>();
    return (this.waiting = { keys, rows: this.fetch(keys) });
  }

  private async fetch(keys: Set<number>): Promise<RowsByKey<Row>> {
    if (this.underWay > 0) await this.oneToEnd();
    this.underWay += 1;
    try {
      const raws = await this.send(() => {
        this.close(keys);
        return { sql: this.what.sql, values: [keyArray(keys)] };
      });
      return this.byKey(raws);
    } finally {
      // It may have failed before it was sent.
      this.close(keys);
      this.underWay -= 1;
      for (const tell of this.onEnded.splice(0)) tell();
    }
  }

  private close(keys: Set<number>): void {
    if (this.waiting?.keys === keys) this.waiting = undefined;
  }

  private oneToEnd(): Promise<void> {
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, PATIENCE_MS);
      this.onEnded.push(() => {
        clearTimeout(patience);
        resolve();
      });
    });
  }

  private byKey(raws: readonly object[]): Map<number, Row[]> {
    const { toRow, keyOf } = this.what;
    const found = new Map<number, Row[]>();
    for (const raw of raws) {
      const row = toRow(raw);
      const key = keyOf(row);
      if (typeof key === "number") append(found, key, row);
      else for (const one of key) append(found, one, row);
    }
    return found;
  }
}

function append<Row>(found: Map<number, Row[]>, key: number, row: Row): void {
  const rows = found.get(key);
  if (rows) rows.push(row);
  else found.set(key, [row]);
}
