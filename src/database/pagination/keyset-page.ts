import type { EntityTarget, ObjectLiteral } from "typeorm";
import { z } from "zod";
import { MAX_INT32 } from "../../domain/integer.js";
import { badInput } from "../../errors/domain-error.js";
import type { Condition, AliasedTable } from "./condition.js";
import { countSql, pageSql, rowSql } from "./page-sql.js";
import type { Parameters } from "./parameters.js";
import type { Reader } from "../reader.js";
import type { SelectedColumns } from "../selected-columns.js";

export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** Relay's four arguments. */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  /** What is read of the page and its rows; undefined: everything. */
  readonly columns?: SelectedColumns | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The cursor of a row, by its position. */
  readonly cursorOf: (position: number) => string;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** The number of all rows. Executes a separate statement. */
  readonly count: () => Promise<number>;
}

/** One expression of an order, with the SQL type of its values in a cursor. */
export interface OrderKey {
  readonly sql: string;
  readonly type: "text" | "integer" | "bigint" | "timestamptz";
}

/** The last key is unique. An index starts with all keys in this order. */
export interface KeysetOrder {
  readonly name: string;
  readonly keys: readonly OrderKey[];
  readonly descending?: boolean;
}

export interface PageQuery<Row extends ObjectLiteral> {
  readonly entity: EntityTarget<Row>;
  readonly rows: AliasedTable;
  /** The table whose index has the order, when it is another one with the same ids. */
  readonly indexScan?: AliasedTable;
  /** Conditions that this index itself answers. */
  readonly indexConditions?: readonly string[];
  readonly conditions: readonly Condition[];
  /** Further columns, as a select list. */
  readonly extra?: string;
  readonly order: KeysetOrder;
}

/**
 * Fetches one page by keyset: it starts after the values in the cursor. So page 1,000 costs as much as page 1, and rows that
 * are inserted or deleted meanwhile do not move the others.
 *
 * @throws BAD_USER_INPUT naming the argument
 */
export async function fetchPage<Row extends ObjectLiteral>(
  reader: Reader,
  query: PageQuery<Row>,
  parameters: Parameters,
  request: PageRequest,
): Promise<Page<Row>> {
  const { order, conditions, rows: listed, indexScan = listed, indexConditions = [] } = query;
  const { size, backward } = readSize(request);
  const countValues = [...parameters.values];
  const keys = order.keys.map(({ sql }) => sql);
  const positions: string[] = [];
  for (const [argument, isAfter] of [
    ["after", true],
    ["before", false],
  ] as const) {
    const cursor = request[argument];
    if (cursor === null || cursor === undefined) continue;
    const values = readCursor(cursor, order, argument);
    const placeholders = values.map((value, i) => parameters.add(value, order.keys[i]?.type));
    const comparison = isAfter === Boolean(order.descending) ? "<" : ">";
    positions.push(`(${keys.join()}) ${comparison} (${placeholders.join()})`);
  }
  const direction = backward === Boolean(order.descending) ? "ASC" : "DESC";
  const limit = parameters.add(size + 1, "bigint");
  const selection = { indexScan, indexConditions, conditions };
  const ids = pageSql(
    { ...selection, indexConditions: [...indexConditions, ...positions] },
    keys,
    direction,
    limit,
  );
  const names = keys.map((_, i) => `page.k${i + 1}`);
  const selected = request.columns?.of(query.entity);
  // As text: of most pages only the first and the last cursor are read.
  const cursorKeys = `json_build_array(${names.map((name) => `${name}::text`).join()})::text AS "cursorKeys"`;
  const columns = [
    reader.columnsOf(query.entity, selected).columns(listed.alias),
    ...(query.extra === undefined ? [] : [query.extra]),
    ...(hasCursors(request) ? [cursorKeys] : []),
  ];
  const rows = await reader.rows(
    query.entity,
    `SELECT ${columns.join()} FROM (${ids}) page
     CROSS JOIN LATERAL (${rowSql(listed, "page.id")}) ${listed.alias}
     ORDER BY ${names.map((name) => `${name} ${direction}`).join()}`,
    parameters.values,
    selected,
  );

  const hasMore = rows.length > size;
  const page = hasMore ? rows.slice(0, size) : rows;
  if (backward) page.reverse();
  return {
    rows: page,
    cursorOf: (position) => {
      const { cursorKeys } = page[position] as unknown as CursorRow;
      return writeCursor(order, JSON.parse(cursorKeys) as string[]);
    },
    hasNextPage: backward ? isGiven(request.before) : hasMore,
    hasPreviousPage: backward ? hasMore : isGiven(request.after),
    count: async () => {
      const [counted] = await reader.query<{ total: string }>(
        countSql(selection, keys),
        countValues,
      );
      return Number(counted?.total);
    },
  };
}

/** The fields with a cursor, of whatever type. */
const CURSORS = ["cursor", "startCursor", "endCursor"];

const hasCursors = ({ columns }: PageRequest): boolean =>
  columns === undefined || CURSORS.some((name) => columns.has(name));

interface CursorRow {
  /** A JSON array of strings. */
  readonly cursorKeys: string;
}

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;

/** @throws BAD_USER_INPUT naming the argument */
export function readSize({ first, last }: PageRequest): { size: number; backward: boolean } {
  if (isGiven(first) && isGiven(last)) {
    throw badInput([{ path: "last", message: "cannot be combined with first" }]);
  }
  for (const [path, value] of [
    ["first", first],
    ["last", last],
  ] as const) {
    if (isGiven(value) && (Number(value) < 1 || Number(value) > MAX_PAGE_SIZE)) {
      throw badInput([{ path, message: `must be 1 to ${MAX_PAGE_SIZE}` }]);
    }
  }
  return { size: first ?? last ?? DEFAULT_PAGE_SIZE, backward: isGiven(last) };
}

/** Contains the name of the order: a cursor of another order has a different meaning. */
export const writeCursor = (order: KeysetOrder, keys: readonly string[]): string =>
  Buffer.from(JSON.stringify([order.name, ...keys])).toString("base64url");

const keyPattern: Record<OrderKey["type"], RegExp> = {
  text: /^[^\u0000]*$/,
  integer: /^\d{1,10}$/,
  bigint: /^\d{1,18}$/,
  timestamptz:
    /^(?!0000)\d{4}-\d\d-\d\d ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d)?$/,
};

/** Whether Postgres accepts the text as a value of the type: it rejects February 30. */
function isKey(text: string, type: OrderKey["type"]): boolean {
  if (!keyPattern[type].test(text)) return false;
  if (type !== "timestamptz") return type !== "integer" || Number(text) <= MAX_INT32;
  const day = text.slice(0, "2030-01-01".length);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

const cursorShape = z.tuple([z.string()], z.string());

/** @throws BAD_USER_INPUT for anything that `writeCursor` does not return for this order */
export function readCursor(cursor: string, order: KeysetOrder, path: string): readonly string[] {
  const invalid = () => badInput([{ path, message: "is not a cursor of this list in this order" }]);
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    throw invalid();
  }
  const parsed = cursorShape.safeParse(json);
  if (!parsed.success) throw invalid();
  const [name, ...keys] = parsed.data;
  const fits =
    name === order.name &&
    keys.length === order.keys.length &&
    order.keys.every(({ type }, i) => isKey(keys[i] ?? "", type));
  if (!fits) throw invalid();
  return keys;
}
