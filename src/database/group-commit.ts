/** While the database works on one batch, the process prepares the other. More concurrent batches would be smaller. */
const MAX_CONCURRENT_BATCHES = 2;

/** A larger batch takes longer than it saves. */
const MAX_BATCH_SIZE = 100;

interface Waiter<Key, Item, Outcome> {
  readonly item: Item;
  readonly start: (batch: Batch<Key, Item, Outcome>) => void;
}

interface Batch<Key, Item, Outcome> {
  readonly items: Map<Key, Item>;
  outcomes?: Promise<ReadonlyMap<Key, Outcome>>;
}

/**
 * Group commit: items of one tick of the event loop form a batch, which starts at the end of the tick. While two batches
 * are in flight the next one collects, so batches grow with the load and a single item does not wait.
 *
 * A key is in one batch at a time; items with the same key keep their order.
 *
 * `npm run bench -- --without group-commit`: without it, `setStatus` with 32 connections needs 2.7 times the processor time,
 * process and Postgres together.
 */
export class GroupCommit<Key, Item, Outcome> {
  private readonly waiting = new Map<Key, Waiter<Key, Item, Outcome>[]>();
  private readonly keysInFlight = new Set<Key>();
  private inFlight = 0;
  private isScheduled = false;

  /** @param commit processes a batch. @returns the outcome of each item that it has processed */
  constructor(
    private readonly commit: (items: ReadonlyMap<Key, Item>) => Promise<ReadonlyMap<Key, Outcome>>,
  ) {}

  /**
   * @returns undefined when the batch has left out the item
   * @throws what the batch throws
   */
  async join(key: Key, item: Item): Promise<Outcome | undefined> {
    const batch = await this.batchOf(key, item);
    // Within the first caller's asynchronous context: its trace shows the statements.
    batch.outcomes ??= this.commit(batch.items).finally(() => this.end(batch));
    return (await batch.outcomes).get(key);
  }

  private batchOf(key: Key, item: Item): Promise<Batch<Key, Item, Outcome>> {
    return new Promise((start) => {
      const queue = this.waiting.get(key);
      if (queue) queue.push({ item, start });
      else this.waiting.set(key, [{ item, start }]);
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      while (this.inFlight < MAX_CONCURRENT_BATCHES && this.begin());
    });
  }

  /** @returns whether there was an item to process */
  private begin(): boolean {
    const waiters = this.takeWaiters();
    if (waiters.length === 0) return false;
    const batch = { items: new Map(waiters.map(([key, { item }]) => [key, item])) };
    for (const key of batch.items.keys()) this.keysInFlight.add(key);
    this.inFlight += 1;
    for (const [, { start }] of waiters) start(batch);
    return true;
  }

  /** The oldest waiter of each idle key. */
  private takeWaiters(): (readonly [Key, Waiter<Key, Item, Outcome>])[] {
    const taken: (readonly [Key, Waiter<Key, Item, Outcome>])[] = [];
    for (const [key, queue] of this.waiting) {
      if (taken.length === MAX_BATCH_SIZE) break;
      if (this.keysInFlight.has(key)) continue;
      const oldest = queue.shift();
      if (oldest) taken.push([key, oldest]);
      if (queue.length === 0) this.waiting.delete(key);
    }
    return taken;
  }

  private end({ items }: Batch<Key, Item, Outcome>): void {
    for (const key of items.keys()) this.keysInFlight.delete(key);
    this.inFlight -= 1;
    if (this.waiting.size > 0) this.schedule();
  }
}
