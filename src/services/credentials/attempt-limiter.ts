/**
 * Callers of this process who want the same: one of them tries, the others wait here until it is over. At the row
 * lock each of them would wait with a connection of the pool, which all other requests need.
 */
export class AttemptLimiter<Key> {
  private readonly underWay = new Map<Key, Promise<void>>();

  /** @param look throws when there is nothing to be had any more; asked again whenever somebody else has tried */
  async make<Result>(
    key: Key,
    look: () => Promise<void>,
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      await look();
      const other = this.underWay.get(key);
      if (!other) return this.begin(key, attempt);
      await other;
    }
  }

  private begin<Result>(key: Key, attempt: () => Promise<Result>): Promise<Result> {
    const result = attempt();
    const end = () => void this.underWay.delete(key);
    this.underWay.set(key, result.then(end, end));
    return result;
  }
}
