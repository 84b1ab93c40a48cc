/**
 * src/database: everything between the services and Postgres. Services read through `Reader` (here) and write through
 * `Changes` (changes/change.ts); statements are SQL, and `Table` (table.ts) turns rows into entities. The folder contains no rules of
 * the contact centre. It imports domain, errors and entities only; scripts/layers.mjs enforces that.
 *
 * - Reads: coalesce.ts shares statements, snapshot.ts reads long lists, pagination/ builds pages.
 * - Changes: changes/ has transactions, audit records, events and idempotent outcomes; group-commit.ts batches.
 * - Connections: connections/ opens, pipelines and watches them; driver-internals.ts reads private fields.
 */
import type { Pool } from "pg";
import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";
import { refusalOf } from "../errors/postgres.js";
import { CoalescedReads, type KeyedRead, type RowsByKey } from "./coalesce.js";
import { poolOf } from "./driver-internals.js";
import { PipelinedConnections } from "./connections/pipelined-connections.js";
import { Queries } from "./queries.js";
import { retrace } from "./send.js";
import { Snapshot } from "./snapshot.js";
import { StatementNames } from "./statement-names.js";
import { type Properties, type Table, tableOf } from "./table.js";
import { Semaphore } from "./semaphore.js";

export interface LongListLimits {
  /** How long a list waits for a permit. */
  readonly waitMs: number;
  /** How long a client may read nothing. */
  readonly stallTimeoutMs: number;
}

/**
 * Reads outside a transaction, as named statements: Postgres parses and plans each text once per connection. All reads of
 * GraphQL and REST pass here, so pipelining and coalescing are decided in one place.
 */
export class Reader extends Queries {
  private readonly tables = new Map<EntityTarget<ObjectLiteral>, Table<ObjectLiteral>>();
  private longLists: Semaphore | undefined;
  private readonly pipelined = new PipelinedConnections(() => this.pool);
  private readonly coalesced = new CoalescedReads((sql, values) => this.query(sql, values));

  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: LongListLimits,
    readonly names = new StatementNames(),
  ) {
    super();
  }

  get pool(): Pool {
    return poolOf(this.dataSource);
  }

  /** For metrics. */
  get connections(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /**
   * For long results, and for several statements that must see the same data. The caller closes it. Snapshots take at most
   * half of the pool's connections, so that slow clients leave the rest to all other requests.
   *
   * @throws RATE_LIMITED when too many are open
   */
  snapshot(): Promise<Snapshot> {
    const { pool, limits } = this;
    this.longLists ??= new Semaphore(Math.max(1, Math.floor(pool.options.max / 2)), limits.waitMs);
    return Snapshot.open(pool, this.longLists, this.names, 2 * limits.stallTimeoutMs);
  }

  /**
   * @param sql a constant text; whatever a client sends belongs into the values
   * @throws SERVICE_UNAVAILABLE when the database cannot respond now
   */
  async query<Raw extends object>(sql: string, values: readonly unknown[] = []): Promise<Raw[]> {
    try {
      const statement = { name: this.names.nameOf(sql), text: sql, values: [...values] };
      return (await this.pipelined.query<Raw>(statement)).rows;
    } catch (error) {
      throw refusalOf(error) ?? retrace(error);
    }
  }

  /**
   * Like `query`, for reads that many requests have in common: concurrent calls with the same text and values share one
   * statement, which is sent after all of them.
   *
   * @param sql must read and not write
   */
  lookUp<Raw extends object>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Readonly<Raw>[]> {
    return this.coalesced.read(sql, values) as Promise<readonly Raw[]>;
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

  /** Like `lookUp`, for rows by key: concurrent calls share one statement, whatever their keys are. */
  lookUpByKey<Row>(read: KeyedRead<Row>, keys: readonly number[]): Promise<RowsByKey<Row>> {
    return this.coalesced.readByKey(read, keys);
  }

  table<Row extends ObjectLiteral>(entity: EntityTarget<Row>): Table<Row> {
    const known = this.tables.get(entity);
    if (known) return known as Table<Row>;
    const table = tableOf(this.dataSource, entity);
    this.tables.set(entity, table);
    return table;
  }
}
