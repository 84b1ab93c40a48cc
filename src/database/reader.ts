import type { Pool } from "pg";
import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";
import type { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver.js";
import { refusalOf } from "../errors/postgres.js";
import { type KeyedRead, KeyedReads, type RowsByKey } from "./keyed-reads.js";
import { PipelinedConnections } from "./pipelined-connections.js";
import { Queries } from "./queries.js";
import { retrace } from "./send.js";
import { type Question, SameReads } from "./same-reads.js";
import { Snapshot } from "./snapshot.js";
import { StatementNames } from "./statement-names.js";
import { type Properties, type Table, tableOf } from "./table.js";
import { Semaphore } from "./semaphore.js";

export interface LongListLimits {
  /** How long a list waits for its turn. */
  readonly waitMs: number;
  /** How long a reader may take nothing. */
  readonly stallTimeoutMs: number;
}

/**
 * Plain reads outside a transaction, as named statements: Postgres parses and plans each text once per
 * connection. All reads of GraphQL and REST pass here, so how they travel is decided in one place.
 */
export class Reader extends Queries {
  private readonly tables = new Map<EntityTarget<ObjectLiteral>, Table<ObjectLiteral>>();
  private semaphore: Semaphore | undefined;
  private readonly pipelined = new PipelinedConnections(() => this.pool);
  private readonly sameReads = new SameReads((question) => this.send(question));
  private readonly keyedReads = new KeyedReads((question) => this.send(question));

  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: LongListLimits,
    readonly names = new StatementNames(),
  ) {
    super();
  }

  /** For those who look on. */
  get pool(): Pool {
    return (this.dataSource.driver as PostgresDriver).master as Pool;
  }

  /** How the pool's connections stand. */
  get connections(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /**
   * For long results, and for several statements that must fit together. To be closed by the caller.
   * Half of the pool's connections at most: however slowly they are read, all other requests have the rest.
   *
   * @throws RATE_LIMITED when too many are open
   */
  snapshot(): Promise<Snapshot> {
    const { pool, limits } = this;
    this.semaphore ??= new Semaphore(Math.max(1, Math.floor(pool.options.max / 2)), limits.waitMs);
    return Snapshot.open(pool, this.semaphore, this.names, 2 * limits.stallTimeoutMs);
  }

  /**
   * @param sql a text of ours; whatever a caller chose is among the values
   * @throws SERVICE_UNAVAILABLE when the database cannot answer now
   */
  query<Raw extends object>(sql: string, values: readonly unknown[] = []): Promise<Raw[]> {
    return this.send(() => ({ sql, values }));
  }

  private async send<Raw extends object>(question: () => Question): Promise<Raw[]> {
    try {
      const answer = await this.pipelined.query<Raw>(() => {
        const { sql, values } = question();
        return { name: this.names.nameOf(sql), text: sql, values: [...values] };
      });
      return answer.rows;
    } catch (error) {
      throw refusalOf(error) ?? retrace(error);
    }
  }

  /**
   * Like `query`, for what many requests ask at once: callers of the same moment who ask the same are given the answer
   * of one statement, as of after they asked.
   *
   * @param sql must read and not write
   */
  lookUp<Raw extends object>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Readonly<Raw>[]> {
    return this.sameReads.read(sql, values) as Promise<readonly Raw[]>;
  }

  /** Like `lookUp`, for statements that select an entity's columns. */
  async lookUpRows<Row extends ObjectLiteral>(
    entity: EntityTarget<Row>,
    sql: string,
    values: readonly unknown[],
    properties?: Properties,
  ): Promise<Row[]> {
    const table = this.columnsOf(entity, properties);
    return (await this.lookUp<object>(sql, values)).map((row) => table.toRow(row));
  }

  /**
   * Like `lookUp`, for what belongs to keys: callers of the same moment are given the answer of one statement whatever their
   * keys are.
   */
  lookUpByKey<Row>(what: KeyedRead<Row>, keys: readonly number[]): Promise<RowsByKey<Row>> {
    return this.keyedReads.read(what, keys);
  }

  table<Row extends ObjectLiteral>(entity: EntityTarget<Row>): Table<Row> {
    const known = this.tables.get(entity);
    if (known) return known as Table<Row>;
    const table = tableOf(this.dataSource, entity);
    this.tables.set(entity, table);
    return table;
  }
}
