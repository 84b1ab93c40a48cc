import type { Pool, PoolClient } from "pg";
import { refusalOf } from "../errors/postgres.js";
import { END } from "../map-batches.js";
import type { Turns } from "./turns.js";

/**
 * Several reads that all see the database as it was at one moment, and results of any length in batches
 * that fit into memory. Takes a connection of the pool until it is closed.
 */
export class Snapshot {
  private isOpen = true;

  private constructor(
    private readonly client: PoolClient,
    private readonly turns: Turns,
  ) {}

  /**
   * @param idleMs after which Postgres itself ends a snapshot from which nobody reads any more
   * @throws RATE_LIMITED when too many are open
   * @throws SERVICE_UNAVAILABLE when the database cannot answer now, as do all reads
   */
  static async open(pool: Pool, turns: Turns, idleMs: number): Promise<Snapshot> {
    await turns.take();
    try {
      const client = await pool.connect();
      // The session may end between two reads. The next one fails then; unheard, it would end the process.
      client.on("error", ignore);
      const snapshot = new Snapshot(client, turns);
      await snapshot.begin(idleMs);
      return snapshot;
    } catch (error) {
      turns.give();
      throw refusalOf(error) ?? error;
    }
  }

  private async begin(idleMs: number): Promise<void> {
    try {
      // Lists are read to their end: a plan that is soon at the first rows and late at the last ones is no good.
      await this.client.query(
        `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
         SET LOCAL idle_in_transaction_session_timeout = ${idleMs};
         SET LOCAL cursor_tuple_fraction = 1`,
      );
    } catch (error) {
      this.release(true);
      throw error;
    }
  }

  /**
   * By callback: a result that comes through pg's promises lives until the garbage collector makes its
   * rare big round, which for a long list is tens of megabytes.
   */
  query<Raw extends object>(sql: string, values: readonly unknown[] = []): Promise<Raw[]> {
    return new Promise((resolve, reject) => {
      this.client.query<Raw>(sql, [...values], (error: Error | null, result) => {
        if (error) reject(refusalOf(error) ?? error);
        else resolve(result.rows);
      });
    });
  }

  /**
   * The rows of one statement, a batch at a time; the last thing to be read from a snapshot. It is closed
   * before the last batch is handed out: who takes their time over that holds nobody up.
   */
  stream<Raw extends object>(
    sql: string,
    values: readonly unknown[],
    batchSize: number,
  ): AsyncIterable<readonly Raw[]> {
    let isBegun = false;
    const next = async (): Promise<IteratorResult<readonly Raw[], undefined>> => {
      if (!this.isOpen) return END;
      if (!isBegun) await this.query(`DECLARE batch NO SCROLL CURSOR FOR ${sql}`, values);
      isBegun = true;
      const rows = await this.query<Raw>(`FETCH ${batchSize} FROM batch`);
      if (rows.length < batchSize) await this.close();
      return rows.length === 0 ? END : { done: false, value: rows };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  /** Always to be called, also after a failure; more than once does no harm. */
  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    try {
      await this.client.query(`ROLLBACK`);
      this.release(false);
    } catch {
      this.release(true);
    } finally {
      this.turns.give();
    }
  }

  private release(isBroken: boolean): void {
    this.client.off("error", ignore);
    this.client.release(isBroken);
  }
}

const ignore = (): void => undefined;
