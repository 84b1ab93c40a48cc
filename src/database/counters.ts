import { createHash } from "node:crypto";
import type { Reader } from "./reader.js";

/** Stored as a digest. */
export type CounterKey = readonly string[];

export interface Counted {
  readonly count: number;
  /** Until the window ends; 0 without a window. */
  readonly secondsLeft: number;
}

const digestOf = (key: CounterKey): string =>
  createHash("sha256").update(JSON.stringify(key)).digest("hex");

const NOTHING: Counted = { count: 0, secondsLeft: 0 };

const COUNTED = `encode(c.key, 'hex') AS key, c.count::float8 AS count,
  ceil(extract(epoch FROM c.expires_at - now()))::float8 AS "secondsLeft"`;

/** Counters shared by all processes, in fixed windows by the database's clock. A window starts with its first count. */
export class Counters {
  constructor(private readonly reader: Reader) {}

  /** @returns the counts, in the order of the keys */
  async read(keys: readonly CounterKey[]): Promise<Counted[]> {
    const digests = keys.map(digestOf);
    const rows = await this.reader.query<Counted & { key: string }>(
      `SELECT ${COUNTED} FROM counters c
       WHERE c.key = ANY (SELECT decode(d, 'hex') FROM unnest($1::text[]) d) AND c.expires_at > now()`,
      [digests],
    );
    return inOrder(digests, rows);
  }

  /** @returns the new counts, in the order of the keys */
  async add(
    keys: readonly CounterKey[],
    amount: number,
    windowSeconds: number,
  ): Promise<Counted[]> {
    const digests = keys.map(digestOf);
    // ORDER BY: concurrent statements lock in the same order, so that none deadlocks.
    const rows = await this.reader.query<Counted & { key: string }>(
      `INSERT INTO counters AS c (key, count, expires_at)
       SELECT decode(d, 'hex'), $2::bigint, now() + make_interval(secs => $3) FROM unnest($1::text[]) d ORDER BY d
       ON CONFLICT (key) DO UPDATE SET
         count = excluded.count + CASE WHEN c.expires_at > now() THEN c.count ELSE 0 END,
         expires_at = CASE WHEN c.expires_at > now() THEN c.expires_at ELSE excluded.expires_at END
       RETURNING ${COUNTED}`,
      [digests, amount, windowSeconds],
    );
    return inOrder(digests, rows);
  }

  async forget(key: CounterKey): Promise<void> {
    await this.reader.query(`DELETE FROM counters WHERE key = decode($1, 'hex')`, [digestOf(key)]);
  }

  /** Deletes ended windows. */
  async prune(): Promise<void> {
    await this.reader.query(
      `DELETE FROM counters WHERE key IN (
         SELECT key FROM counters WHERE expires_at < now() FOR UPDATE SKIP LOCKED)`,
    );
  }
}

const inOrder = (
  digests: readonly string[],
  rows: readonly (Counted & { key: string })[],
): Counted[] =>
  digests.map((digest) => {
    const { count, secondsLeft } = rows.find(({ key }) => key === digest) ?? NOTHING;
    return { count, secondsLeft };
  });
