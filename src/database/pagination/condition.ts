/** A table under its alias, with the column by which a list knows its rows. */
export interface AliasedTable {
  readonly table: string;
  readonly alias: string;
  readonly id: string;
}

/** One condition of a list, in the two ways in which a list can ask it. */
export interface Condition {
  /** Of one row, found by its key. */
  readonly where: string;
  /**
   * Selects the `id` of each row that fits, once: for conditions that few rows may fit, with an index
   * that leads to these. With a cap, no more than so many are read.
   */
  readonly candidates?: (cap?: number) => string;
  /** Selects these rows whole, where they are the list's own and need not be looked up. */
  readonly rows?: () => string;
  /** Whether a cap saves nothing, because all that fit are found before the first is told. */
  readonly isUncapped?: boolean;
}

export const sourceOf = ({ table, alias }: AliasedTable): string => `${table} ${alias}`;
export const idOf = ({ alias, id }: AliasedTable): string => `${alias}.${id}`;

/** Keeps Postgres from reading all rows that fit in order to answer for the few that are asked. */
const FENCE = "OFFSET 0";

/** The condition for statements that read all that fit anyway. */
export const unfenced = ({ where }: Condition): string => where.replaceAll(` ${FENCE})`, ")");

/**
 * The rows of a list for which a row like this is there: in another table, or the listed row itself.
 *
 * @param order by which an index has the rows that fit, and no index has others as well; null: one that finds all of them
 *   before it tells the first, in no order
 */
export function exists(
  other: AliasedTable,
  where: string,
  listed: AliasedTable,
  order: string | null = idOf(other),
): Condition {
  const isUncapped = order === null;
  // Fenced: else Postgres might look for them by what else is asked of them.
  const select = (columns: string, cap?: number) =>
    `SELECT ${columns} FROM ${sourceOf(other)} WHERE ${where} ${isUncapped ? "" : capped(cap, order)} ${FENCE}`;
  const candidates = (cap?: number) => select(`${idOf(other)} AS id`, cap);
  if (other.table === listed.table) {
    return { where, candidates, rows: () => select(`${other.alias}.*`), isUncapped };
  }
  const isListed = `${idOf(other)} = ${idOf(listed)}`;
  return {
    where: `EXISTS (SELECT FROM ${sourceOf(other)} WHERE ${isListed} AND ${where} ${FENCE})`,
    candidates,
    isUncapped,
  };
}

/** The rows for which none is there. Most, by nature: none is looked for from that side. */
export const notExists = (other: AliasedTable, where: string, listed: AliasedTable): Condition => ({
  where: `NOT EXISTS (SELECT FROM ${sourceOf(other)} WHERE ${idOf(other)} = ${idOf(listed)} AND ${where} ${FENCE})`,
});

/** In the order of an index: else Postgres may read the table in any order, and past what does not fit. */
export const capped = (cap: number | undefined, order: string): string =>
  `ORDER BY ${order}${cap === undefined ? "" : ` LIMIT ${cap}`}`;
