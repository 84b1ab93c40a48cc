type Rows = readonly object[];

interface Read {
  rows: Promise<Rows>;
  isSent: boolean;
  /** For those who have asked since it was sent. */
  next: Read | null;
}

/**
 * Reads that ask the same at the same time are one. Nobody's answer is older than their question: who asks in the same turn of
 * the event loop shares the read that is sent at its end, who asks while that is under way shares the next one.
 */
export class SameReads {
  /** By statement, then by its values. */
  private readonly reads = new Map<string, Map<string, Read>>();
  private due: (() => void)[] = [];

  constructor(private readonly send: (sql: string, values: readonly unknown[]) => Promise<Rows>) {}

  /** @returns rows that others read too */
  read(sql: string, values: readonly unknown[]): Promise<Rows> {
    let byValues = this.reads.get(sql);
    if (!byValues) this.reads.set(sql, (byValues = new Map<string, Read>()));
    const key = JSON.stringify(values);
    const known = byValues.get(key);
    if (!known) {
      const read = this.after(this.endOfTurn(), byValues, key, sql, values);
      byValues.set(key, read);
      return read.rows;
    }
    if (!known.isSent) return known.rows;
    known.next ??= this.after(settled(known.rows), byValues, key, sql, values);
    return known.next.rows;
  }

  private after(
    moment: Promise<void>,
    byValues: Map<string, Read>,
    key: string,
    sql: string,
    values: readonly unknown[],
  ): Read {
    const read: Read = { rows: Promise.resolve([]), isSent: false, next: null };
    const end = () => {
      if (read.next) byValues.set(key, read.next);
      else byValues.delete(key);
    };
    read.rows = moment.then(() => {
      read.isSent = true;
      return this.send(sql, values).finally(end);
    });
    return read;
  }

  /** All that is asked in one turn is sent in one go. */
  private endOfTurn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.due.push(resolve) > 1) return;
      setImmediate(() => {
        const { due } = this;
        this.due = [];
        for (const send of due) send();
      });
    });
  }
}

const settled = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );
