export type Rows = readonly object[];

interface Read {
  rows: Promise<Rows>;
  isSent: boolean;
  /** For those who have asked since it was sent. */
  next: Read | null;
}

export interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** @param question asked for at the moment that the rows will not be older than */
export type Send = (question: () => Question) => Promise<Rows>;

/**
 * Reads that ask the same at the same time are one. Nobody's answer is older than their question: who asks in the same turn of
 * the event loop shares the read that is sent at its end, who asks while that is under way shares the next one.
 */
export class SameReads {
  /** By statement, then by its values. */
  private readonly reads = new Map<string, Map<string, Read>>();

  constructor(private readonly send: Send) {}

  /** @returns rows that others read too */
  read(sql: string, values: readonly unknown[]): Promise<Rows> {
    let byValues = this.reads.get(sql);
    if (!byValues) this.reads.set(sql, (byValues = new Map<string, Read>()));
    const key = JSON.stringify(values);
    const known = byValues.get(key);
    if (!known) {
      const read = this.begin(null, byValues, key, sql, values);
      byValues.set(key, read);
      return read.rows;
    }
    if (!known.isSent) return known.rows;
    known.next ??= this.begin(settled(known.rows), byValues, key, sql, values);
    return known.next.rows;
  }

  private begin(
    after: Promise<void> | null,
    byValues: Map<string, Read>,
    key: string,
    sql: string,
    values: readonly unknown[],
  ): Read {
    const send = async () => {
      try {
        return await this.send(() => {
          read.isSent = true;
          return { sql, values };
        });
      } finally {
        if (read.next) byValues.set(key, read.next);
        else byValues.delete(key);
      }
    };
    const read: Read = { rows: NOTHING, isSent: false, next: null };
    read.rows = after ? after.then(send) : send();
    return read;
  }
}

const NOTHING: Promise<Rows> = Promise.resolve([]);

const settled = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );
