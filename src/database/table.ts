import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";

/** The names of an entity's properties that are read. */
export type Properties = ReadonlySet<string>;

/** What plain SQL needs of an entity: its columns, and how a row becomes an instance. */
export interface Table<Row> {
  /** The select list; columns come back under the names of the properties. */
  columns(alias: string): string;
  /** Gives the row its class, which getters and GraphQL's type resolution rely on. */
  toRow(raw: object): Row;
  /** The same for statements that join several tables: the alias goes before each name. */
  joinedColumns(alias: string): string;
  /** @returns null when an outer join found none, which shows in the first column */
  toJoinedRow(raw: object, alias: string): Row | null;
  /** The primary key and these columns only; other properties of a row are undefined. */
  only(properties: Properties): Table<Row>;
  /** The column of a property, by its name in Postgres. */
  column(property: keyof Row & string): string;
}

/** The columns under an alias, and what they are called behind it. */
interface Joined {
  readonly list: string;
  readonly names: readonly { readonly property: string; readonly joined: string }[];
}

/**
 * Reads the entity's metadata, so that no column is listed twice. Secrets (`select: false`) are excluded.
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
  const lists = new Map<string, string>();
  const joins = new Map<string, Joined>();
  const narrowed = new WeakMap<Properties, Table<Row>>();
  const select = (alias: string) =>
    columns
      .map(({ databaseName, propertyName }) => `${alias}.${databaseName} AS "${propertyName}"`)
      .join(", ");

  const joined = (alias: string): Joined => {
    const known = joins.get(alias);
    if (known) return known;
    const names = columns.map(({ propertyName: property }) => ({
      property,
      joined: `${alias}_${property}`,
    }));
    const list = columns.map(
      ({ databaseName }, i) => `${alias}.${databaseName} AS "${names[i]?.joined}"`,
    );
    const join = { list: list.join(", "), names };
    joins.set(alias, join);
    return join;
  };

  const table: Table<Row> = {
    columns: (alias) => {
      const list = lists.get(alias) ?? select(alias);
      lists.set(alias, list);
      return list;
    },
    toRow: (raw) => Object.assign(Object.create(prototype) as Row, raw),
    joinedColumns: (alias) => joined(alias).list,
    toJoinedRow: (raw, alias) => {
      const values = raw as Record<string, unknown>;
      const { names } = joined(alias);
      if (values[names[0]?.joined ?? ""] === null) return null;
      const row = Object.create(prototype) as Record<string, unknown>;
      for (const name of names) row[name.property] = values[name.joined];
      return row as Row;
    },
    only: (properties) => {
      const known = narrowed.get(properties);
      if (known) return known;
      const kept = columns.filter(
        ({ isPrimary, propertyName }) => isPrimary || properties.has(propertyName),
      );
      const narrow = tableOfColumns<Row>(prototype, kept);
      narrowed.set(properties, narrow);
      return narrow;
    },
    column: (property) => {
      const column = columns.find(({ propertyName }) => propertyName === property);
      if (!column) throw new Error(`no column is read into ${property}`);
      return column.databaseName;
    },
  };
  return table;
}
