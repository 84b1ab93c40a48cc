import type { Parameters } from "../../../database/pagination/parameters.js";
import { keysOf, orderOf, type LegacyListQuery, whereOf } from "./query.js";
import { FULL_USERS, FULL_USERS_BY_PRESENCE } from "./full-user.js";

/** A part of a list, by offset. */
export interface Slicing {
  readonly offset: number;
  readonly limit: number;
}

/** SQL that counts a whole list as `total`. */
export function countSql(query: LegacyListQuery, parameters: Parameters): string {
  const people = query.online === undefined ? FULL_USERS : FULL_USERS_BY_PRESENCE;
  return `SELECT count(*) AS total FROM ${people} ${whereOf(query, parameters)}`;
}

/**
 * SQL for a part of a list. Who is in it is found first, by what the order and the conditions need; the rest is looked
 * up for these people alone.
 *
 * @param select selects people, as a `PeopleSelection` does
 */
export function sliceSql(
  select: string,
  query: LegacyListQuery,
  { offset, limit }: Slicing,
  parameters: Parameters,
): string {
  const keys = keysOf(query);
  const names = keys.map((_, i) => `k${i + 1}`);
  const columns = ["u.id AS id", ...keys.map((key, i) => `${key} AS ${names[i]}`)];
  const ids = `SELECT ${columns.join(", ")} FROM ${FULL_USERS} ${whereOf(query, parameters)}
    ${orderOf(query)} LIMIT ${reachOf(offset + limit)}`;
  const slice = `SELECT * FROM (${ids}) reached ${orderOf(query, names)}
    LIMIT ${unseen(limit, parameters)} OFFSET ${unseen(offset, parameters)}`;
  const inOrder = orderOf(
    query,
    names.map((name) => `slice.${name}`),
  );
  // The limit makes Postgres look each of them up, however many it expects.
  return `SELECT person.* FROM (${slice}) slice
    CROSS JOIN LATERAL (${select} WHERE u.id = slice.id LIMIT 1) person ${inOrder}`;
}

/**
 * How far a list is read at most, for Postgres to know whether to follow an index or to sort. A power of ten, so that
 * there are few texts to plan.
 */
const reachOf = (end: number): number => 10 ** Math.ceil(Math.log10(Math.max(end, 100)));

/** A number that Postgres does not see when it plans, so that one plan is as good as the next and is kept. */
const unseen = (value: number, parameters: Parameters): string =>
  `(SELECT ${parameters.add(value, "bigint")})`;
