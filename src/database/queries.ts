import type { EntityTarget, ObjectLiteral } from "typeorm";
import type { Properties, Table } from "./table.js";

/** SQL statements, inside a transaction or outside. */
export abstract class Queries {
  /** @returns the rows, whatever kind of statement */
  abstract query<Raw extends object>(sql: string, values?: readonly unknown[]): Promise<Raw[]>;

  abstract table<Row extends ObjectLiteral>(entity: EntityTarget<Row>): Table<Row>;

  /** Like `query`, for statements that select an entity's columns. */
  async rows<Row extends ObjectLiteral>(
    entity: EntityTarget<Row>,
    sql: string,
    values: readonly unknown[] = [],
    properties?: Properties,
  ): Promise<Row[]> {
    const table = this.columnsOf(entity, properties);
    return (await this.query<object>(sql, values)).map((row) => table.toRow(row));
  }

  /** @param properties the columns to select. Default: all */
  columnsOf<Row extends ObjectLiteral>(
    entity: EntityTarget<Row>,
    properties?: Properties,
  ): Table<Row> {
    const table = this.table(entity);
    return properties ? table.only(properties) : table;
  }
}
