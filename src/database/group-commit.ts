/** Two, so that one is worked out here while the database is at the other. More of them would be smaller. */
const MAX_UNDER_WAY = 2;

/** Beyond, what somebody waits for takes longer than it saves. */
const MAX_SIZE = 100;

interface Waiting<Key, Item, Outcome> {
  readonly item: Item;
  readonly call: (batch: Batch<Key, Item, Outcome>) => void;
}

interface Batch<Key, Item, Outcome> {
  readonly items: Map<Key, Item>;
  outcomes?: Promise<ReadonlyMap<Key, Outcome>>;
}

/**
 * What is asked for at the same time is done together. Who comes alone waits for nobody: a batch begins at the end of the
 * turn of the event loop. While there are batches under way, the next one gathers, so batches grow with the load.
 *
 * Of one key there is one at a time, in the order in which they came.
 */
export class Batches<Key, Item, Outcome> {
  private readonly waiting = new Map<Key, Waiting<Key, Item, Outcome>[]>();
  private readonly keysUnderWay = new Set<Key>();
  private underWay = 0;
  private isTurnEnding = false;

  /** @param make does a whole batch. @returns what came of each; who is left out has to see for themselves */
  constructor(
    private readonly make: (items: ReadonlyMap<Key, Item>) => Promise<ReadonlyMap<Key, Outcome>>,
  ) {}

  /** @returns undefined for one that was left out */
  async join(key: Key, item: Item): Promise<Outcome | undefined> {
    const batch = await this.turnOf(key, item);
    // The first who is called begins it, and for whoever looks on, it is part of what they do.
    batch.outcomes ??= this.make(batch.items).finally(() => this.end(batch));
    return (await batch.outcomes).get(key);
  }

  private turnOf(key: Key, item: Item): Promise<Batch<Key, Item, Outcome>> {
    return new Promise((call) => {
      const line = this.waiting.get(key);
      if (line) line.push({ item, call });
      else this.waiting.set(key, [{ item, call }]);
      this.beginAtEndOfTurn();
    });
  }

  private beginAtEndOfTurn(): void {
    if (this.isTurnEnding) return;
    this.isTurnEnding = true;
    setImmediate(() => {
      this.isTurnEnding = false;
      while (this.underWay < MAX_UNDER_WAY && this.begin());
    });
  }

  /** @returns whether there was anybody who can be served now */
  private begin(): boolean {
    const called = this.takeFirsts();
    if (called.length === 0) return false;
    const batch = { items: new Map(called.map(([key, { item }]) => [key, item])) };
    for (const key of batch.items.keys()) this.keysUnderWay.add(key);
    this.underWay += 1;
    for (const [, { call }] of called) call(batch);
    return true;
  }

  /** Of each key that nobody is at the one who has waited longest. */
  private takeFirsts(): (readonly [Key, Waiting<Key, Item, Outcome>])[] {
    const taken: (readonly [Key, Waiting<Key, Item, Outcome>])[] = [];
    for (const [key, line] of this.waiting) {
      if (taken.length === MAX_SIZE) break;
      if (this.keysUnderWay.has(key)) continue;
      const first = line.shift();
      if (first) taken.push([key, first]);
      if (line.length === 0) this.waiting.delete(key);
    }
    return taken;
  }

  private end({ items }: Batch<Key, Item, Outcome>): void {
    for (const key of items.keys()) this.keysUnderWay.delete(key);
    this.underWay -= 1;
    if (this.waiting.size > 0) this.beginAtEndOfTurn();
  }
}
