import type { EntityTarget, ObjectLiteral } from "typeorm";
import type { KeyedRead, RowsByKey } from "../database/coalesce.js";
import type { Reader } from "../database/reader.js";
import type { Properties, Table } from "../database/table.js";

/** How the rows of an entity are found by keys. */
export interface RowsByForeignKey<Row> {
  readonly entity: EntityTarget<Row>;
  readonly keyOf: KeyedRead<Row>["keyOf"];
  /** With the keys as $1. It is given what makes a select list under an alias. */
  readonly sql: (columns: Table<Row>["columns"]) => string;
  /** What becomes of a row that was read. */
  readonly finish?: (row: Row) => Row;
}

type Keys = readonly number[];

/** The one row of each key, or null, in the order of the keys. */
export function oneOfEach<Row extends ObjectLiteral>(reader: Reader, rows: RowsByForeignKey<Row>) {
  const lookUp = lookUpOf(reader, rows);
  return async (keys: Keys, wanted?: Properties): Promise<(Row | null)[]> => {
    const found = await lookUp(keys, wanted);
    return keys.map((key) => found.get(key)?.[0] ?? null);
  };
}

/** All rows of each key, in the order of the keys, and of the statement. */
export function allOfEach<Row extends ObjectLiteral>(reader: Reader, rows: RowsByForeignKey<Row>) {
  const lookUp = lookUpOf(reader, rows);
  return async (keys: Keys, wanted?: Properties): Promise<(readonly Row[])[]> => {
    const found = await lookUp(keys, wanted);
    return keys.map((key) => found.get(key) ?? []);
  };
}

/** The text for a set of columns is put together once. */
function lookUpOf<Row extends ObjectLiteral>(
  reader: Reader,
  { entity, keyOf, sql, finish }: RowsByForeignKey<Row>,
): (keys: Keys, wanted?: Properties) => Promise<RowsByKey<Row>> {
  const readOf = (wanted?: Properties): KeyedRead<Row> => {
    const table = reader.columnsOf(entity, wanted);
    const toRow = (raw: object) => table.toRow(raw);
    return {
      sql: sql((alias) => table.columns(alias)),
      toRow: finish ? (raw) => finish(toRow(raw)) : toRow,
      keyOf,
    };
  };
  const reads = new WeakMap<Properties, KeyedRead<Row>>();
  return (keys, wanted) => {
    const known = reads.get(wanted ?? EVERYTHING);
    const read = known ?? readOf(wanted);
    if (!known) reads.set(wanted ?? EVERYTHING, read);
    return reader.lookUpByKey(read, keys);
  };
}

/** Stands for: it is not known what. */
const EVERYTHING: Properties = new Set();
