import { type Condition, idOf, type AliasedTable, sourceOf, unfenced } from "./condition.js";

/** Which rows a list has, and where their order is. */
export interface SqlSelection {
  /** The table whose index has the order. */
  readonly walk: AliasedTable;
  /** What that index itself answers, such as where to start. */
  readonly within: readonly string[];
  readonly conditions: readonly Condition[];
}

type Source = Condition & { readonly candidates: NonNullable<Condition["candidates"]> };

/** So few rows are fetched and sorted; more are looked for in the list's order. */
const FEW = 200;

/** How far they are looked for there. */
const STRIDE = 3000;

/** So much of a stride tells whether the rest of it is worth the walk. */
const SAMPLE = STRIDE / 10;

/** So few rows are counted one by one; more, by what several conditions have in common. */
const FEW_TO_COUNT = 2000;

/**
 * SQL that selects `id` and the keys `k1`, `k2`, … of the rows of a page.
 *
 * A plan is made once for all groups, words and statuses, and one that is right for the average reads
 * the whole table for others. So the way is chosen here, each time, by what there is: what few rows fit
 * is answered from their side. Else the index with the list's order is followed, which soon fills a page
 * when many rows fit. Where it does not within a stride, because they lie elsewhere in the order or fit
 * one condition and not the other, the page is gathered from their side all the same; at once, where the
 * beginning of the stride has too few of them.
 */
export function pageSql(
  { walk, within, conditions }: SqlSelection,
  keys: readonly string[],
  direction: "ASC" | "DESC",
  limit: string,
): string {
  const names = keys.map((_, i) => `k${i + 1}`);
  const columns = [`${idOf(walk)} AS id`, ...keys.map((key, i) => `${key} AS ${names[i]}`)].join();
  const inOrder = (terms: readonly string[]) =>
    `ORDER BY ${terms.map((term) => `${term} ${direction}`).join()} LIMIT`;
  const fits = conditions.map((condition) => condition.where);
  const sources = conditions.filter(isSource);
  if (sources.length === 0) {
    return `SELECT ${columns} FROM ${sourceOf(walk)} ${where(...within, ...fits)} ${inOrder(keys)} ${limit}`;
  }
  const isUnfinished = `(SELECT count(*) FROM near) < ${limit} AND (SELECT count(*) FROM stride) = ${STRIDE}`;
  return `
    WITH smallest AS MATERIALIZED (${smallestSql(sources, FEW)}),
    stride AS MATERIALIZED (
      SELECT ${columns}, ${fits.join(" AND ")} AS fits
      FROM (SELECT ${walk.alias}.* FROM ${sourceOf(walk)} ${where(`NOT ${ARE_FEW}`, ...within)}
            ${inOrder(keys)} ${STRIDE}) ${walk.alias}
    ),
    sample AS MATERIALIZED (
      SELECT count(*) = ${SAMPLE} AND ${STRIDE / SAMPLE} * count(*) FILTER (WHERE fits) < ${limit} AS are_sparse
      FROM (SELECT fits FROM stride LIMIT ${SAMPLE}) s
    ),
    near AS MATERIALIZED (
      SELECT id, ${names.join()} FROM stride WHERE fits AND NOT ${ARE_SPARSE} LIMIT ${limit}
    ),
    gathered AS (
      SELECT ${columns} FROM ${gatherSql(walk, conditions, `(${ARE_FEW} OR ${ARE_SPARSE} OR ${isUnfinished})`, within)}
      ${inOrder(keys)} ${limit}
    )
    SELECT * FROM near UNION SELECT * FROM gathered ${inOrder(names)} ${limit}`;
}

/** SQL that counts the rows of a list as `total`. */
export function countSql(
  { walk, within, conditions }: SqlSelection,
  keys: readonly string[],
): string {
  const sources = conditions.filter(isSource);
  const others = conditions.filter((condition) => !isSource(condition));
  if (sources.length === 0) {
    // The order leads Postgres to the index that answers what is within, however many it expects.
    const inOrder = within.length === 0 ? "" : `ORDER BY ${keys.join()}`;
    const found = `SELECT FROM ${sourceOf(walk)} ${where(...within, ...others.map(unfenced))} ${inOrder}`;
    return `SELECT count(*) AS total FROM (${found}) s`;
  }
  const common = sources
    .map(({ candidates }) => `SELECT id FROM (${candidates()}) s`)
    .join(" INTERSECT ");
  const rest = [...within, ...others.map((condition) => condition.where)];
  const looked = `CROSS JOIN LATERAL (${rowSql(walk, "s.id")}) ${walk.alias} ${where(...rest)}`;
  const countCommon = `SELECT count(*) AS total FROM (${common}) s ${rest.length > 0 ? looked : ""}`;
  if (sources.length === 1) return countCommon;
  return `
    WITH smallest AS MATERIALIZED (${smallestSql(sources, FEW_TO_COUNT)})
    SELECT CASE WHEN ${ARE_FEW} THEN (SELECT count(*) FROM ${gatherSql(walk, conditions, "true", within)})
    ELSE (${countCommon}) END AS total`;
}

/** The row of one id. The limit makes Postgres look it up, however many ids it expects. */
export const rowSql = (place: AliasedTable, id: string): string =>
  `SELECT ${place.alias}.* FROM ${sourceOf(place)} WHERE ${idOf(place)} = ${id} LIMIT 1`;

const isSource = (condition: Condition): condition is Source => condition.candidates !== undefined;

/** Which source has the fewest rows: the first of equals, and all that are not few count as equal. */
function smallestSql(sources: readonly Source[], few: number): string {
  const sizes = sources.map(({ candidates, isUncapped }) =>
    isUncapped ? `${few + 1}` : `(SELECT count(*) FROM (${candidates(few + 1)}) s)`,
  );
  return `
    SELECT size <= ${few} AS are_few, array_position(sizes, size) AS source
    FROM (SELECT ARRAY[${sizes.join()}]::bigint[] AS sizes OFFSET 0) s
    CROSS JOIN LATERAL (SELECT min(size) AS size FROM unnest(sizes) AS size) m`;
}

const ARE_FEW = "(SELECT are_few FROM smallest)";
const ARE_SPARSE = "(SELECT are_sparse FROM sample)";

/** The rows of the smallest source, asked for the other conditions. */
function gatherSql(
  walk: AliasedTable,
  conditions: readonly Condition[],
  isWanted: string,
  within: readonly string[],
): string {
  const sources = conditions.filter(isSource);
  const { alias } = walk;
  const arms = sources.map(({ candidates, rows }, i) => {
    const lookedUp = `SELECT ${alias}.* FROM (${candidates()}) s CROSS JOIN LATERAL (${rowSql(walk, "s.id")}) ${alias}`;
    const isSmallest = `(SELECT source FROM smallest) = ${i + 1}`;
    return `SELECT ${alias}.*, ${i + 1} AS found_by FROM (${rows?.() ?? lookedUp}) ${alias}
      WHERE ${isSmallest} AND ${isWanted}`;
  });
  const fits = conditions.map((condition) => {
    const i = sources.indexOf(condition as Source);
    return i === -1 ? condition.where : `(${alias}.found_by = ${i + 1} OR ${condition.where})`;
  });
  return `(${arms.join(" UNION ALL ")}) ${alias} ${where(...within, ...fits)}`;
}

const where = (...conditions: readonly string[]): string =>
  conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
