import type { Pool, PoolClient } from "pg";

const BATCH_SIZE = 1000;

/** How long a reader may keep the snapshot waiting between two batches. */
const IDLE_TIMEOUT_MS = 60_000;

/**
 * Several reads that all see the database as it was at one moment, and results of any length in batches
 * that fit into memory. Takes a connection of the pool until it is closed.
 */
export class Snapshot {
  private constructor(private readonly client: PoolClient) {}

  static async open(pool: Pool): Promise<Snapshot> {
    const client = await pool.connect();
    try {
      await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`);
      await client.query(`SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`);
    } catch (error) {
      client.release(true);
      throw error;
    }
    return new Snapshot(client);
  }

  async query<Raw extends object>(sql: string, values: readonly unknown[] = []): Promise<Raw[]> {
    const { rows } = await this.client.query<Raw>(sql, [...values]);
    return rows;
  }

  /** The rows of one statement, at most a thousand at a time. One stream at a time. */
  async *stream<Raw extends object>(
    sql: string,
    values: readonly unknown[] = [],
  ): AsyncGenerator<Raw[]> {
    await this.client.query(`DECLARE batch NO SCROLL CURSOR FOR ${sql}`, [...values]);
    for (;;) {
      const { rows } = await this.client.query<Raw>(`FETCH ${BATCH_SIZE} FROM batch`);
      if (rows.length > 0) yield rows;
      if (rows.length < BATCH_SIZE) break;
    }
    await this.client.query(`CLOSE batch`);
  }

  /** Always to be called, also after a failure. */
  async close(): Promise<void> {
    try {
      await this.client.query(`ROLLBACK`);
      this.client.release();
    } catch {
      this.client.release(true);
    }
  }
}
