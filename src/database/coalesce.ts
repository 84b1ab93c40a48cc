/**
 * Concurrent reads share statements. Group commit (group-commit.ts) is the counterpart for changes.
 *
 * |                         | identical reads           | reads by key                  | group commit                     |
 * | ----------------------- | ------------------------- | ----------------------------- | -------------------------------- |
 * | requests share when     | statement and values      | the statement is the same,    | the kind of change is the same,  |
 * |                         | are the same              | whatever the keys             | one batch at a time per key      |
 * | a batch collects        | until its tick ends and, while another one is in      | until its tick ends and, while   |
 * |                         | flight, until that ends; for at most PATIENCE_MS      | two are in flight, until one ends |
 * | the result is as of     | a moment after the request, never before              | the commit                       |
 * | a failure rejects       | all requests of the batch, and no later one           | all, or one by one (ADR 24)      |
 * | results                 | are shared: read-only                                 | belong to the caller             |
 *
 * `npm run bench -- --without coalescing`: without it, a request with 32 connections needs 1.7 times the processor time for
 * one user by id and 1.5 times for fifty users with their parts, process and Postgres together.
 */
import { keyArray } from "./pagination/key-array.js";

/** A batch waits no longer than this for the one before it, whose connection is then slow or stuck. */
const PATIENCE_MS = 20;

/** Keys of one statement; more are split. */
const MAX_KEYS = 1000;

interface Batch<Item, Result> {
  readonly items: Item[];
  readonly result: Promise<Result>;
}

/** Runs the items that are requested at the same time as one batch. A single item does not wait for others. */
export class Coalescer<Item, Result> {
  private collecting: Batch<Item, Result> | undefined;
  private inFlight = 0;
  /** Ends the wait of the batch that collects. */
  private onEnd: () => void = ignore;

  /** @param onIdle called when no batch is left */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<Result>,
    private readonly onIdle: () => void = ignore,
  ) {}

  /** @returns the result of the whole batch */
  request(item: Item): Promise<Result> {
    this.collecting ??= this.collect();
    this.collecting.items.push(item);
    return this.collecting.result;
  }

  private collect(): Batch<Item, Result> {
    const items: Item[] = [];
    return { items, result: this.process(items) };
  }

  private async process(items: readonly Item[]): Promise<Result> {
    if (this.inFlight > 0) await this.oneEnds();
    await endOfTick();
    this.collecting = undefined;
    this.inFlight += 1;
    try {
      return await this.run(items);
    } finally {
      this.inFlight -= 1;
      this.onEnd();
      if (this.inFlight === 0 && !this.collecting) this.onIdle();
    }
  }

  private oneEnds(): Promise<void> {
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, PATIENCE_MS);
      this.onEnd = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }
}

export type Rows = readonly object[];

type Send = (sql: string, values: readonly unknown[]) => Promise<Rows>;

/** A read of the rows that belong to each of several keys. */
export interface KeyedRead<Row> {
  /** Takes the keys as $1, and no other values. It must read and not write. */
  readonly sql: string;
  readonly toRow: (raw: object) => Row;
  /** A row may belong to several keys. */
  readonly keyOf: (row: Row) => number | readonly number[];
}

/** In the order of the statement. Shared with other callers: read-only. */
export type RowsByKey<Row> = ReadonlyMap<number, readonly Row[]>;

export class CoalescedReads {
  /** By statement, then by its values. */
  private readonly identical = new Map<string, Map<string, Coalescer<null, Rows>>>();
  /** By statement: one per set of columns. */
  private readonly keyed = new Map<string, Coalescer<readonly number[], RowsByKey<unknown>>>();

  constructor(private readonly send: Send) {}

  read(sql: string, values: readonly unknown[]): Promise<Rows> {
    const byValues = getOrSet(this.identical, sql, () => new Map<string, Coalescer<null, Rows>>());
    const key = JSON.stringify(values);
    const create = () =>
      new Coalescer<null, Rows>(
        () => this.send(sql, values),
        () => {
          byValues.delete(key);
          if (byValues.size === 0) this.identical.delete(sql);
        },
      );
    return getOrSet(byValues, key, create).request(null);
  }

  readByKey<Row>(read: KeyedRead<Row>, keys: readonly number[]): Promise<RowsByKey<Row>> {
    const create = () =>
      new Coalescer(
        (lists: readonly (readonly number[])[]) => this.readAll(read, lists),
        () => this.keyed.delete(read.sql),
      );
    const coalescer = getOrSet(this.keyed, read.sql, create);
    return coalescer.request(keys) as Promise<RowsByKey<Row>>;
  }

  private async readAll<Row>(
    read: KeyedRead<Row>,
    lists: readonly (readonly number[])[],
  ): Promise<RowsByKey<Row>> {
    const keys = new Set<number>();
    for (const list of lists) for (const key of list) keys.add(key);
    if (keys.size <= MAX_KEYS) return this.readKeys(read, keys);
    const chunks = chunked([...keys], MAX_KEYS).map(async (chunk) => {
      const rows = await this.readKeys(read, chunk);
      return chunk.map((key) => [key, rows.get(key) ?? []] as const);
    });
    return new Map((await Promise.all(chunks)).flat());
  }

  private async readKeys<Row>(
    { sql, toRow, keyOf }: KeyedRead<Row>,
    keys: Iterable<number>,
  ): Promise<RowsByKey<Row>> {
    const found = new Map<number, Row[]>();
    for (const raw of await this.send(sql, [keyArray(keys)])) {
      const row = toRow(raw);
      const key = keyOf(row);
      if (typeof key === "number") append(found, key, row);
      else for (const one of key) append(found, one, row);
    }
    return found;
  }
}

function getOrSet<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}

function append<Row>(found: Map<number, Row[]>, key: number, row: Row): void {
  const rows = found.get(key);
  if (rows) rows.push(row);
  else found.set(key, [row]);
}

const chunked = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );

let tick: Promise<void> | undefined;

/** Shared by all that wait for the end of the current tick of the event loop. */
const endOfTick = (): Promise<void> =>
  (tick ??= new Promise((resolve) => {
    setImmediate(() => {
      tick = undefined;
      resolve();
    });
  }));

const ignore = (): void => undefined;
