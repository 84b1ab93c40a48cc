import {
  type AliasedTable,
  type Candidates,
  type Condition,
  idOf,
  sourceOf,
  unfenced,
} from "./condition.js";

/** The rows of a list. */
export interface SqlSelection {
  /** The table whose index has the order. */
  readonly indexScan: AliasedTable;
  /** Conditions that this index itself answers, such as the position of a cursor. */
  readonly indexConditions: readonly string[];
  readonly conditions: readonly Condition[];
}

type Selective = Condition & { readonly candidates: Candidates };

/** Up to so many candidates are fetched and sorted, instead of scanning the index of the order. */
const SMALL_RESULT = 200;

/** Rows that are scanned in the list's order before the candidates are fetched after all. */
const SCAN_BATCH = 3000;

/** The first rows of the batch, from which the yield of the rest is estimated. */
const SAMPLE = SCAN_BATCH / 10;

/** Up to so many candidates are counted one by one; more, by intersecting the conditions. */
const SMALL_COUNT = 2000;

/**
 * SQL that selects `id` and the keys `k1`, `k2`, … of the rows of a page.
 *
 * Postgres plans a statement once for all values, and a plan for average values reads the whole table for others. So the
 * statement itself chooses, by what it finds:
 *
 * - smallest: counts the candidates of each condition, up to SMALL_RESULT. If one has fewer, its rows are fetched, tested
 *   and sorted (`gathered`), and the index of the order is not read.
 * - scanned: otherwise reads SCAN_BATCH rows in the order, and tests each. With many matches this fills the page.
 * - sample: if the start of the batch has too few matches, or the whole batch does not fill the page, the candidates of the
 *   smallest condition are gathered after all: the matches are elsewhere in the order.
 */
export function pageSql(
  { indexScan, indexConditions, conditions }: SqlSelection,
  keys: readonly string[],
  direction: "ASC" | "DESC",
  limit: string,
): string {
  const names = keys.map((_, i) => `k${i + 1}`);
  const columns = [
    `${idOf(indexScan)} AS id`,
    ...keys.map((key, i) => `${key} AS ${names[i]}`),
  ].join();
  const inOrder = (terms: readonly string[]) =>
    `ORDER BY ${terms.map((term) => `${term} ${direction}`).join()} LIMIT`;
  const tests = conditions.map(({ exists }) => exists);
  const selective = conditions.filter(isSelective);
  if (selective.length === 0) {
    return `SELECT ${columns} FROM ${sourceOf(indexScan)} ${where(...indexConditions, ...tests)} ${inOrder(keys)} ${limit}`;
  }
  const isUnfilled = `(SELECT count(*) FROM near) < ${limit} AND (SELECT count(*) FROM scanned) = ${SCAN_BATCH}`;
  const isGathered = `(${IS_SMALL} OR ${IS_SPARSE} OR ${isUnfilled})`;
  return `
    WITH smallest AS MATERIALIZED (${smallestSql(selective, SMALL_RESULT)}),
    scanned AS MATERIALIZED (
      SELECT ${columns}, ${tests.join(" AND ")} AS fits
      FROM (SELECT ${indexScan.alias}.* FROM ${sourceOf(indexScan)} ${where(`NOT ${IS_SMALL}`, ...indexConditions)}
            ${inOrder(keys)} ${SCAN_BATCH}) ${indexScan.alias}
    ),
    sample AS MATERIALIZED (
      SELECT count(*) = ${SAMPLE} AND ${SCAN_BATCH / SAMPLE} * count(*) FILTER (WHERE fits) < ${limit} AS is_sparse
      FROM (SELECT fits FROM scanned LIMIT ${SAMPLE}) s
    ),
    near AS MATERIALIZED (
      SELECT id, ${names.join()} FROM scanned WHERE fits AND NOT ${IS_SPARSE} LIMIT ${limit}
    ),
    gathered AS (
      SELECT ${columns} FROM ${gatherSql(indexScan, conditions, isGathered, indexConditions)}
      ${inOrder(keys)} ${limit}
    )
    SELECT * FROM near UNION SELECT * FROM gathered ${inOrder(names)} ${limit}`;
}

/** SQL that counts the rows of a list as `total`. */
export function countSql(
  { indexScan, indexConditions, conditions }: SqlSelection,
  keys: readonly string[],
): string {
  const selective = conditions.filter(isSelective);
  const others = conditions.filter((condition) => !isSelective(condition));
  if (selective.length === 0) {
    // The order makes Postgres use the index of indexConditions, whatever number of rows it estimates.
    const inOrder = indexConditions.length === 0 ? "" : `ORDER BY ${keys.join()}`;
    const rows = `SELECT FROM ${sourceOf(indexScan)} ${where(...indexConditions, ...others.map(unfenced))} ${inOrder}`;
    return `SELECT count(*) AS total FROM (${rows}) s`;
  }
  const intersection = selective
    .map(({ candidates }) => `SELECT id FROM (${candidates.ids()}) s`)
    .join(" INTERSECT ");
  const rest = [...indexConditions, ...others.map(({ exists }) => exists)];
  const lookup = `CROSS JOIN LATERAL (${rowSql(indexScan, "s.id")}) ${indexScan.alias} ${where(...rest)}`;
  const countAll = `SELECT count(*) AS total FROM (${intersection}) s ${rest.length > 0 ? lookup : ""}`;
  if (selective.length === 1) return countAll;
  return `
    WITH smallest AS MATERIALIZED (${smallestSql(selective, SMALL_COUNT)})
    SELECT CASE WHEN ${IS_SMALL}
      THEN (SELECT count(*) FROM ${gatherSql(indexScan, conditions, "true", indexConditions)})
      ELSE (${countAll}) END AS total`;
}

/** The row of one id. LIMIT 1 makes Postgres look each row up, whatever number of ids it estimates. */
export const rowSql = (listed: AliasedTable, id: string): string =>
  `SELECT ${listed.alias}.* FROM ${sourceOf(listed)} WHERE ${idOf(listed)} = ${id} LIMIT 1`;

const isSelective = (condition: Condition): condition is Selective =>
  condition.candidates !== undefined;

/** The number of the condition with the fewest candidates, the first of equals; above `limit` all count as equal. */
function smallestSql(conditions: readonly Selective[], limit: number): string {
  const sizes = conditions.map(({ candidates }) =>
    candidates.ignoresLimit
      ? `${limit + 1}`
      : `(SELECT count(*) FROM (${candidates.ids(limit + 1)}) s)`,
  );
  return `
    SELECT size <= ${limit} AS is_small, array_position(sizes, size) AS condition
    FROM (SELECT ARRAY[${sizes.join()}]::bigint[] AS sizes OFFSET 0) s
    CROSS JOIN LATERAL (SELECT min(size) AS size FROM unnest(sizes) AS size) m`;
}

const IS_SMALL = "(SELECT is_small FROM smallest)";
const IS_SPARSE = "(SELECT is_sparse FROM sample)";

/**
 * The candidates of the smallest condition, tested by the other ones. The statement has a part for each condition, and
 * Postgres executes only that of the smallest.
 */
function gatherSql(
  indexScan: AliasedTable,
  conditions: readonly Condition[],
  isGathered: string,
  indexConditions: readonly string[],
): string {
  const selective = conditions.filter(isSelective);
  const { alias } = indexScan;
  const parts = selective.map(({ candidates: { ids, rows } }, i) => {
    const lookedUp = `SELECT ${alias}.* FROM (${ids()}) s CROSS JOIN LATERAL (${rowSql(indexScan, "s.id")}) ${alias}`;
    const isSmallest = `(SELECT condition FROM smallest) = ${i + 1}`;
    return `SELECT ${alias}.*, ${i + 1} AS found_by FROM (${rows?.() ?? lookedUp}) ${alias}
      WHERE ${isSmallest} AND ${isGathered}`;
  });
  const tests = conditions.map((condition) => {
    const i = selective.indexOf(condition as Selective);
    return i === -1 ? condition.exists : `(${alias}.found_by = ${i + 1} OR ${condition.exists})`;
  });
  return `(${parts.join(" UNION ALL ")}) ${alias} ${where(...indexConditions, ...tests)}`;
}

const where = (...conditions: readonly string[]): string =>
  conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
