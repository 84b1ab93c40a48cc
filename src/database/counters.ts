import { createHash } from "node:crypto";
import type { Reader } from "./reader.js";

/** What is counted, in words; kept as a digest. */
export type CounterKey = readonly string[];

export interface Counted {
  readonly count: number;
  /** Until it begins at nothing again; 0 when it has not begun. */
  readonly secondsLeft: number;
}

const digestOf = (key: CounterKey): string =>
  createHash("sha256").update(JSON.stringify(key)).digest("hex");

const NOTHING: Counted = { count: 0, secondsLeft: 0 };

const COUNTED = `encode(c.key, 'hex') AS key, c.count::float8 AS count,
  ceil(extract(epoch FROM c.expires_at - now()))::float8 AS "secondsLeft"`;

/**
 * Counters that all processes share, each over a window of time by the database's clock: it begins with the
 * first count and does not move.
 */
export class Counters {
  constructor(private readonly reader: Reader) {}

  /** @returns how things stand, in the order of the keys */
  async read(keys: readonly CounterKey[]): Promise<Counted[]> {
    const digests = keys.map(digestOf);
    const rows = await this.reader.query<Counted & { key: string }>(
      `SELECT ${COUNTED} FROM counters c
       WHERE c.key = ANY (SELECT decode(d, 'hex') FROM unnest($1::text[]) d) AND c.expires_at > now()`,
      [digests],
    );
    return inOrder(digests, rows);
  }

  /** @returns how things stand then, in the order of the keys */
  async add(
    keys: readonly CounterKey[],
    amount: number,
    windowSeconds: number,
  ): Promise<Counted[]> {
    const digests = keys.map(digestOf);
    // Always in the same order, so that no two statements wait for each other.
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

  /** Deletes those whose time is over. */
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
