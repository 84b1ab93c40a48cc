import type { Pool, PoolClient, QueryResult } from "pg";
import { refusalOf } from "../errors/postgres.js";
import { END } from "../domain/map-batches.js";
import { sendStatement, type Statement } from "./send.js";
import type { StatementNames } from "./statement-names.js";
import type { Semaphore } from "./semaphore.js";

type RowMode = Statement["rowMode"];

/**
 * Several reads in one REPEATABLE READ transaction, which see the same data; and results of any length, in batches that
 * fit into memory. Keeps a connection of the pool until it is closed.
 */
export class Snapshot {
  private isOpen = true;

  private constructor(
    private readonly client: PoolClient,
    private readonly semaphore: Semaphore,
    private readonly names: StatementNames,
    /** Time of the snapshot, by the database's clock. */
    readonly at: Date,
  ) {}

  /**
   * @param idleMs Postgres ends a snapshot that is idle for longer
   * @throws RATE_LIMITED when too many are open
   * @throws SERVICE_UNAVAILABLE when the database cannot respond now, as all reads do
   */
  static async open(
    pool: Pool,
    semaphore: Semaphore,
    names: StatementNames,
    idleMs: number,
  ): Promise<Snapshot> {
    await semaphore.acquire();
    try {
      const client = await pool.connect();
      // The session may end between two reads. Without a listener the event would end the process.
      client.on("error", ignore);
      return new Snapshot(client, semaphore, names, await begin(client, idleMs));
    } catch (error) {
      semaphore.release();
      throw refusalOf(error) ?? error;
    }
  }

  query<Row extends object>(
    sql: string,
    values: readonly unknown[] = [],
    rowMode?: RowMode,
  ): Promise<Row[]> {
    return this.send({ name: this.names.nameOf(sql), text: sql, values: [...values], rowMode });
  }

  private async send<Row extends object>(statement: Statement): Promise<Row[]> {
    try {
      return (await sendStatement<Row>(this.client, statement)).rows;
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /**
   * The rows of one statement in batches; the last read of a snapshot. Each batch is fetched before the previous one is
   * returned, so Postgres works while that is written. The snapshot is closed before the last batch is returned: a slow
   * consumer of it does not keep the connection.
   */
  stream<Row extends object>(
    sql: string,
    values: readonly unknown[],
    batchSize: number,
    rowMode?: RowMode,
  ): AsyncIterable<readonly Row[]> {
    const fetch = () => this.send<Row>({ text: `FETCH ${batchSize} FROM batch`, rowMode });
    const begin = async () => {
      const text = `DECLARE batch NO SCROLL CURSOR FOR ${sql}`;
      return (await Promise.all([this.send({ text, values: [...values] }), fetch()]))[1];
    };
    let prefetched: Promise<Row[]> | undefined;
    const next = async (): Promise<IteratorResult<readonly Row[], undefined>> => {
      if (!this.isOpen) return END;
      const rows = await (prefetched ?? begin());
      prefetched = rows.length < batchSize ? undefined : fetch();
      // The next call throws the error, if there is one.
      prefetched?.catch(ignore);
      if (!prefetched) await this.close();
      return rows.length === 0 ? END : { done: false, value: rows };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  /** Must be called, also after a failure. Idempotent. */
  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    try {
      await this.client.query(`ROLLBACK`);
      release(this.client, false);
    } catch {
      release(this.client, true);
    } finally {
      this.semaphore.release();
    }
  }
}

/** @returns the time of the snapshot */
async function begin(client: PoolClient, idleMs: number): Promise<Date> {
  try {
    // Lists are read to the end. By default Postgres plans a cursor for its first rows.
    const results = (await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
       SET LOCAL idle_in_transaction_session_timeout = ${idleMs};
       SET LOCAL cursor_tuple_fraction = 1;
       SELECT now() AS at`,
    )) as unknown as QueryResult<{ at: Date }>[];
    const at = results.at(-1)?.rows[0]?.at;
    if (!at) throw new Error("a SELECT without FROM has one row");
    return at;
  } catch (error) {
    release(client, true);
    throw error;
  }
}

function release(client: PoolClient, isBroken: boolean): void {
  client.off("error", ignore);
  client.release(isBroken);
}

const ignore = (): void => undefined;
