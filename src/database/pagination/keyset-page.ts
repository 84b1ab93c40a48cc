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
  /** Costs a statement of its own: called only when somebody wants to know. */
  readonly count: () => Promise<number>;
}

/** One expression of an order, with the type that turns a cursor's text back into a value. */
export interface OrderKey {
  readonly sql: string;
  readonly type: "text" | "integer" | "bigint" | "timestamptz";
}

/** The last key is unique, and an index starts with all of them in this order. */
export interface KeysetOrder {
  readonly name: string;
  readonly keys: readonly OrderKey[];
  readonly descending?: boolean;
}

export interface PageQuery<Row extends ObjectLiteral> {
  readonly entity: EntityTarget<Row>;
  /** Where the entity's rows are. */
  readonly rows: AliasedTable;
  /** The table whose index has the order, when it is another one with the same ids. */
  readonly walk?: AliasedTable;
  /** Conditions that the order's index itself answers. */
  readonly within?: readonly string[];
  readonly conditions: readonly Condition[];
  /** Further columns, as a select list. */
  readonly extra?: string;
  readonly order: KeysetOrder;
}

/**
 * Fetches one page by keyset: it starts after the values in the cursor, so page 1,000 costs what page 1
 * costs, and rows that come or go in between shift nothing.
 *
 * @throws BAD_USER_INPUT naming the argument
 */
export async function fetchPage<Row extends ObjectLiteral>(
  reader: Reader,
  query: PageQuery<Row>,
  parameters: Parameters,
  request: PageRequest,
): Promise<Page<Row>> {
  const { order, conditions, rows: place, walk = place, within = [] } = query;
  const { size, backward } = readSize(request);
  const countValues = [...parameters.values];
  const keys = order.keys.map(({ sql }) => sql);
  const bounds: string[] = [];
  for (const [argument, isAfter] of [
    ["after", true],
    ["before", false],
  ] as const) {
    const cursor = request[argument];
    if (cursor === null || cursor === undefined) continue;
    const values = readCursor(cursor, order, argument);
    const places = values.map((value, i) => parameters.add(value, order.keys[i]?.type));
    const comparison = isAfter === Boolean(order.descending) ? "<" : ">";
    bounds.push(`(${keys.join()}) ${comparison} (${places.join()})`);
  }
  const direction = backward === Boolean(order.descending) ? "ASC" : "DESC";
  const limit = parameters.add(size + 1, "bigint");
  const ids = pageSql({ walk, within: [...within, ...bounds], conditions }, keys, direction, limit);
  const names = keys.map((_, i) => `page.k${i + 1}`);
  const selected = request.columns?.of(query.entity);
  // As text: of most pages nothing but the ends is looked at.
  const cursorKeys = `json_build_array(${names.map((name) => `${name}::text`).join()})::text AS "cursorKeys"`;
  const columns = [
    reader.columnsOf(query.entity, selected).columns(place.alias),
    ...(query.extra === undefined ? [] : [query.extra]),
    ...(hasCursors(request) ? [cursorKeys] : []),
  ];
  const rows = await reader.rows(
    query.entity,
    `SELECT ${columns.join()} FROM (${ids}) page
     CROSS JOIN LATERAL (${rowSql(place, "page.id")}) ${place.alias}
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
        countSql({ walk, within, conditions }, keys),
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
  /** A list of texts, as JSON. */
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

/** The order's name goes in: a cursor of another order would start at a meaningless place. */
export const writeCursor = (order: KeysetOrder, keys: readonly string[]): string =>
  Buffer.from(JSON.stringify([order.name, ...keys])).toString("base64url");

const keyPattern: Record<OrderKey["type"], RegExp> = {
  text: /^[^\u0000]*$/,
  integer: /^\d{1,10}$/,
  bigint: /^\d{1,18}$/,
  timestamptz:
    /^(?!0000)\d{4}-\d\d-\d\d ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d)?$/,
};

/** Whether Postgres can read the text as a value of the type; it has no thirtieth of February. */
function isKey(text: string, type: OrderKey["type"]): boolean {
  if (!keyPattern[type].test(text)) return false;
  if (type !== "timestamptz") return type !== "integer" || Number(text) <= MAX_INT32;
  const day = text.slice(0, "2030-01-01".length);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

const cursorShape = z.tuple([z.string()], z.string());

/** @throws BAD_USER_INPUT for anything that `writeCursor` cannot have made for this order */
export function readCursor(cursor: string, order: KeysetOrder, path: string): readonly string[] {
  const fault = () => badInput([{ path, message: "is not a cursor of this list in this order" }]);
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    throw fault();
  }
  const parsed = cursorShape.safeParse(json);
  if (!parsed.success) throw fault();
  const [name, ...keys] = parsed.data;
  const fits =
    name === order.name &&
    keys.length === order.keys.length &&
    order.keys.every(({ type }, i) => isKey(keys[i] ?? "", type));
  if (!fits) throw fault();
  return keys;
}
