/** The aliases of pages: users, presences, agents, managers (g), group members, presence claims, audit records. */
export type Alias = "u" | "p" | "a" | "g" | "m" | "c" | "r";

/** A table under its alias, and the column that identifies the rows of a list. */
export interface AliasedTable {
  readonly table: string;
  readonly alias: Alias;
  readonly id: string;
}

/**
 * A condition of a list, in up to two forms; page-sql.ts decides at run time which one is executed.
 *
 * `exists` tests one row of the list. Plan: the list's order is read from its index, and each row is tested by one look-up by
 * primary key. Cheap when many rows fit, since the page is full after a few tests.
 *
 * `candidates` selects all rows that fit. Plan: an index on the condition, then one look-up by primary key per row. Cheap when
 * few rows fit, wherever they are in the list's order.
 */
export interface Condition {
  readonly exists: string;
  /** `exists` for statements that read all rows anyway: Postgres may join instead of testing row by row. Default: the same. */
  readonly unfenced?: string;
  readonly candidates?: Candidates | undefined;
}

export interface Candidates {
  /** Selects `id` of each row that fits, once; at most `limit` rows. */
  readonly ids: (limit?: number) => string;
  /** Selects the rows themselves, when they are the list's own and need no look-up. */
  readonly rows?: () => string;
  /** The index finds all rows before it returns the first, so that a limit saves nothing. */
  readonly ignoresLimit?: boolean;
}

export const sourceOf = ({ table, alias }: AliasedTable): string => `${table} ${alias}`;
export const idOf = ({ alias, id }: AliasedTable): string => `${alias}.${id}`;

/** Keeps the planner from merging a subquery into the statement and, for a few rows, reading all rows that fit. */
const optimizationFence = "OFFSET 0";

export const unfenced = ({ exists, unfenced = exists }: Condition): string => unfenced;

/**
 * A row that fits `where` exists for the listed row: in another table, or the listed row itself.
 *
 * @param where over the alias of `other`
 * @param order of an index that has exactly the rows that fit; null for a bitmap index, such as that of the search
 */
export function exists(
  other: AliasedTable,
  where: string,
  listed: AliasedTable,
  order: string | null = idOf(other),
): Condition {
  const select = (columns: string, limit?: number) =>
    `SELECT ${columns} FROM ${sourceOf(other)} WHERE ${where}
     ${order === null ? "" : limited(limit, order)} ${optimizationFence}`;
  const candidates = {
    ids: (limit?: number) => select(`${idOf(other)} AS id`, limit),
    ignoresLimit: order === null,
  };
  if (other.table === listed.table) {
    return { exists: where, candidates: { ...candidates, rows: () => select(`${other.alias}.*`) } };
  }
  return { ...existsSql(other, where, listed), candidates };
}

/** No such row exists. Most rows of a list fit, so that candidates are of no use. */
export function notExists(other: AliasedTable, where: string, listed: AliasedTable): Condition {
  const condition = existsSql(other, where, listed);
  return { exists: `NOT ${condition.exists}`, unfenced: `NOT ${condition.unfenced}` };
}

function existsSql(other: AliasedTable, where: string, listed: AliasedTable) {
  const rows = `SELECT FROM ${sourceOf(other)} WHERE ${idOf(other)} = ${idOf(listed)} AND ${where}`;
  return { exists: `EXISTS (${rows} ${optimizationFence})`, unfenced: `EXISTS (${rows})` };
}

/** In the order of an index: without it, Postgres may read the whole table for the limit. */
export const limited = (limit: number | undefined, order: string): string =>
  `ORDER BY ${order}${limit === undefined ? "" : ` LIMIT ${limit}`}`;
