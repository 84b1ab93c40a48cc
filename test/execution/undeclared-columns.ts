import type { GraphQLError } from "graphql";
import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";
import { Queries } from "../../src/database/queries.js";
import type { Table } from "../../src/database/table.js";

/** A resolver read a column that its row was fetched without. */
class UndeclaredColumnError extends Error {
  constructor(
    readonly entity: string,
    readonly property: string,
  ) {
    super(`${property} of ${entity} was not fetched`);
  }
}

type ColumnsOf = (
  this: Queries,
  entity: EntityTarget<ObjectLiteral>,
  properties?: ReadonlySet<string>,
) => unknown;

/** While `work` runs, rows throw UndeclaredColumnError on access to a column that was not fetched. */
export async function withTraps<Result>(
  dataSource: DataSource,
  work: () => Promise<Result>,
): Promise<Result> {
  const columnsOf = Reflect.get(Queries.prototype, "columnsOf") as ColumnsOf;
  Queries.prototype.columnsOf = function <Row extends ObjectLiteral>(
    this: Queries,
    entity: EntityTarget<Row>,
    properties?: ReadonlySet<string>,
  ): Table<Row> {
    const table = columnsOf.call(this, entity, properties) as Table<Row>;
    if (!properties) return table;
    const { columns, name } = dataSource.getMetadata(entity);
    const traps = Object.fromEntries(
      columns.map(({ propertyName }) => [propertyName, trapOf(name, propertyName)]),
    );
    return { ...table, toRow: (raw) => addTraps(table.toRow(raw), traps) };
  };
  try {
    return await work();
  } finally {
    Object.assign(Queries.prototype, { columnsOf });
  }
}

function addTraps<Row extends object>(row: Row, traps: PropertyDescriptorMap): Row {
  for (const [property, trap] of Object.entries(traps)) {
    if (!Object.hasOwn(row, property)) Object.defineProperty(row, property, trap);
  }
  return row;
}

const trapOf = (entity: string, property: string): PropertyDescriptor => ({
  configurable: true,
  get: () => {
    throw new UndeclaredColumnError(entity, property);
  },
  set(this: object, value: unknown) {
    const own = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(this, property, own);
  },
});

/**
 * The declaration that makes the column available.
 *
 * @param parent the type with the field that failed
 * @returns null for other errors
 */
export function missingDeclaration(
  { originalError }: GraphQLError,
  parent: string,
  field: string,
): string | null {
  if (!(originalError instanceof UndeclaredColumnError)) return null;
  const { entity, property } = originalError;
  return entity === parent
    ? `add @Columns("${property}") to ${parent}.${field}`
    : `${parent}.${field} reads "${property}" of ${entity}: add it to the "reads" of its loader`;
}
