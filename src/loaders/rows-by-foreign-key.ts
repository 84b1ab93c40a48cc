import type { EntityTarget, ObjectLiteral } from "typeorm";
import type { KeyedRead, RowsByKey } from "../database/coalesce.js";
import type { Reader } from "../database/reader.js";
import type { SelectedColumns } from "../database/selected-columns.js";
import type { Table } from "../database/table.js";

/** How the rows of an entity are found by keys. */
export interface RowsByForeignKey<Row> {
  readonly entity: EntityTarget<Row>;
  readonly keyOf: KeyedRead<Row>["keyOf"];
  /** The statement, with the keys as $1. `columns` makes a select list under an alias. */
  readonly sql: (columns: Table<Row>["columns"]) => string;
  /** Applied to each row that was read. */
  readonly finish?: (row: Row) => Row;
  /** The columns that `keyOf` and `finish` read, without the primary key. */
  readonly reads?: readonly (keyof Row & string)[];
}

type Keys = readonly number[];

/** Reads of one set of columns. */
export interface ColumnReader {
  readonly reader: Reader;
  /** Undefined: all columns. */
  readonly columns: SelectedColumns | undefined;
}

/** The one row of each key, or null, in the order of the keys. */
export function oneOfEach<Row extends ObjectLiteral>(
  reader: ColumnReader,
  rows: RowsByForeignKey<Row>,
) {
  const lookUp = lookUpOf(reader, rows);
  return async (keys: Keys): Promise<(Row | null)[]> => {
    const found = await lookUp(keys);
    return keys.map((key) => found.get(key)?.[0] ?? null);
  };
}

/** All rows of each key, in the order of the keys, and of the statement. */
export function allOfEach<Row extends ObjectLiteral>(
  reader: ColumnReader,
  rows: RowsByForeignKey<Row>,
) {
  const lookUp = lookUpOf(reader, rows);
  return async (keys: Keys): Promise<(readonly Row[])[]> => {
    const found = await lookUp(keys);
    return keys.map((key) => found.get(key) ?? []);
  };
}

/** The statement is built at the first call. */
function lookUpOf<Row extends ObjectLiteral>(
  { reader, columns }: ColumnReader,
  { entity, keyOf, sql, finish, reads = [] }: RowsByForeignKey<Row>,
): (keys: Keys) => Promise<RowsByKey<Row>> {
  const createRead = (): KeyedRead<Row> => {
    const selected = columns?.of(entity);
    const table = reader.columnsOf(entity, selected && new Set([...selected, ...reads]));
    const toRow = (raw: object) => table.toRow(raw);
    return {
      sql: sql((alias) => table.columns(alias)),
      toRow: finish ? (raw) => finish(toRow(raw)) : toRow,
      keyOf,
    };
  };
  let read: KeyedRead<Row> | undefined;
  return (keys) => reader.lookUpByKey((read ??= createRead()), keys);
}
