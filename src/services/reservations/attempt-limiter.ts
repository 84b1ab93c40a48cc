/**
 * Serialises attempts by key within this process: one runs, the others wait here. Waiting at the row lock instead
 * would occupy one connection of the pool per caller.
 */
export class AttemptLimiter<Key> {
  private readonly running = new Map<Key, Promise<void>>();

  /** @param check called before every attempt and after each wait; throws when an attempt is pointless by now */
  async make<Result>(
    key: Key,
    check: () => Promise<void>,
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      await check();
      const running = this.running.get(key);
      if (!running) return this.start(key, attempt);
      await running;
    }
  }

  private start<Result>(key: Key, attempt: () => Promise<Result>): Promise<Result> {
    const result = attempt();
    const end = () => void this.running.delete(key);
    this.running.set(key, result.then(end, end));
    return result;
  }
}
