import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";

/** What plain SQL needs to know of an entity: its columns, and how a row becomes an instance. */
export interface Table<Row> {
  /** The select list; columns come back under the names of the properties. */
  columns(alias: string): string;
  /** Gives the row its class, which getters and GraphQL's type resolution rely on. */
  toRow(raw: object): Row;
  /** The same for statements that join several tables: the alias goes before each name. */
  joinedColumns(alias: string): string;
  /** @returns null when an outer join found none, which shows in the first column */
  toJoinedRow(raw: object, alias: string): Row | null;
  /** Just the primary key and these columns, for lists that are long. */
  pick<Key extends keyof Row>(...properties: Key[]): Table<Pick<Row, Key>>;
}

/**
 * Reads the entity's metadata, so that no column is listed twice. Secrets (`select: false`) stay out.
 * Rows skip TypeORM's hydration, which is most of the price of `find`.
 */
export function tableOf<Row extends ObjectLiteral>(
  dataSource: DataSource,
  entity: EntityTarget<Row>,
): Table<Row> {
  const metadata = dataSource.getMetadata(entity);
  const { prototype } = metadata.target as { prototype: object };
  return tableOfColumns(
    prototype,
    metadata.columns.filter((column) => column.isSelect),
  );
}

function tableOfColumns<Row extends ObjectLiteral>(
  prototype: object,
  columns: readonly ColumnMetadata[],
): Table<Row> {
  return {
    columns: (alias) =>
      columns
        .map(({ databaseName, propertyName }) => `${alias}.${databaseName} AS "${propertyName}"`)
        .join(", "),
    toRow: (raw) => Object.assign(Object.create(prototype) as Row, raw),
    joinedColumns: (alias) =>
      columns
        .map(
          ({ databaseName, propertyName }) =>
            `${alias}.${databaseName} AS "${alias}_${propertyName}"`,
        )
        .join(", "),
    toJoinedRow: (raw, alias) => {
      const values = raw as Record<string, unknown>;
      if (values[`${alias}_${columns[0]?.propertyName}`] === null) return null;
      const row = Object.create(prototype) as Record<string, unknown>;
      for (const { propertyName } of columns)
        row[propertyName] = values[`${alias}_${propertyName}`];
      return row as Row;
    },
    pick: <Key extends keyof Row>(...properties: Key[]) =>
      tableOfColumns<Pick<Row, Key>>(
        prototype,
        columns.filter(
          ({ isPrimary, propertyName }) => isPrimary || properties.includes(propertyName as Key),
        ),
      ),
  };
}
