type Rows = readonly object[];

/**
 * Reads that ask the same in the same turn of the event loop are one. It is sent at the end of the turn, when all of them
 * have asked, so that nobody's answer is older than their question.
 */
export class SameReads {
  private readonly gathered = new Map<string, Promise<Rows>>();

  constructor(private readonly send: (sql: string, values: readonly unknown[]) => Promise<Rows>) {}

  /** @returns rows that are the caller's own */
  async read(sql: string, values: readonly unknown[]): Promise<object[]> {
    const key = `${sql} ${JSON.stringify(values)}`;
    const known = this.gathered.get(key);
    const read = known ?? this.atEndOfTurn(key, () => this.send(sql, values));
    if (!known) this.gathered.set(key, read);
    return (await read).map((row) => ({ ...row }));
  }

  private atEndOfTurn(key: string, send: () => Promise<Rows>): Promise<Rows> {
    return new Promise((resolve) => {
      setImmediate(() => {
        this.gathered.delete(key);
        resolve(send());
      });
    });
  }
}
