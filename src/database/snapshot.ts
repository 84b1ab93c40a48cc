import type { Pool, PoolClient, QueryResult } from "pg";
import { refusalOf } from "../errors/postgres.js";
import { END } from "../domain/map-batches.js";
import { corkForNow } from "./cork.js";
import type { StatementNames } from "./statement-names.js";
import type { Semaphore } from "./semaphore.js";

/** Left out: rows are objects by the names of their columns. Lists of their values, in the select list's order, cost less. */
type RowMode = "array" | undefined;

/**
 * Several reads that all see the database as it was at one moment, and results of any length in batches
 * that fit into memory. Takes a connection of the pool until it is closed.
 */
export class Snapshot {
  private isOpen = true;

  private constructor(
    private readonly client: PoolClient,
    private readonly semaphore: Semaphore,
    private readonly names: StatementNames,
    /** The moment, by the clock of the database. */
    readonly at: Date,
  ) {}

  /**
   * @param idleMs after which Postgres itself ends a snapshot from which nobody reads any more
   * @throws RATE_LIMITED when too many are open
   * @throws SERVICE_UNAVAILABLE when the database cannot answer now, as do all reads
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
      // The session may end between two reads. The next one fails then; unheard, it would end the process.
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
    return this.send<Row>(sql, values, rowMode, this.names.nameOf(sql));
  }

  /**
   * By callback: a result that comes through pg's promises lives until the garbage collector makes its
   * rare big round, which for a long list is tens of megabytes.
   */
  private send<Row extends object>(
    text: string,
    values: readonly unknown[],
    rowMode?: RowMode,
    name?: string,
  ): Promise<Row[]> {
    corkForNow(this.client);
    return new Promise((resolve, reject) => {
      const statement = { name, text, values: [...values], rowMode };
      this.client.query<Row>(statement, (error: Error | null, result) => {
        if (error) reject(refusalOf(error) ?? error);
        else resolve(result.rows);
      });
    });
  }

  /**
   * The rows of one statement, a batch at a time; the last thing to be read from a snapshot. Each batch is asked for
   * before the one ahead of it is handed out, so that Postgres works while it is written. The snapshot is closed before
   * the last batch is handed out: who takes their time over that holds nobody up.
   */
  stream<Row extends object>(
    sql: string,
    values: readonly unknown[],
    batchSize: number,
    rowMode?: RowMode,
  ): AsyncIterable<readonly Row[]> {
    const fetch = () => this.send<Row>(`FETCH ${batchSize} FROM batch`, [], rowMode);
    const begin = async () => {
      const declared = this.send(`DECLARE batch NO SCROLL CURSOR FOR ${sql}`, values);
      return (await Promise.all([declared, fetch()]))[1];
    };
    let coming: Promise<Row[]> | undefined;
    const next = async (): Promise<IteratorResult<readonly Row[], undefined>> => {
      if (!this.isOpen) return END;
      const rows = await (coming ?? begin());
      coming = rows.length < batchSize ? undefined : fetch();
      // Whoever asks next hears of a failure; perhaps nobody does.
      coming?.catch(ignore);
      if (!coming) await this.close();
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
      release(this.client, false);
    } catch {
      release(this.client, true);
    } finally {
      this.semaphore.release();
    }
  }
}

/** @returns when that was */
async function begin(client: PoolClient, idleMs: number): Promise<Date> {
  try {
    // Lists are read to their end: a plan that is soon at the first rows and late at the last ones is no good.
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
