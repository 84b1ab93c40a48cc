import type { Availability } from "../../../domain/vocabulary.js";
import { unfenced } from "../../../database/pagination/condition.js";
import type { Parameters } from "../../../database/pagination/parameters.js";
import { TRANSACTION_TIME } from "../../../database/sql-time.js";
import { parse } from "../../parse-input.js";
import { inEffectSince, isOffline, isOnline } from "../../presence/presence-sql.js";
import { isStorable } from "../user-ref.js";
import { escapeLike, partConditions } from "../user-conditions.js";
import { type UserFilter, userConditions, userFilter } from "../user-list.js";
import { displayName } from "../user-sql.js";
import { USERS, USERS_BY_PRESENCE } from "./rows.js";

/** The orders of a list, as SQL; ties are ordered by id. */
export const legacyListOrders = {
  username: ["lower(u.username)"],
  name: [`lower(${displayName("u")})`],
  email: ["lower(u.email)"],
  jtelUid: ["lower(u.jtel_uid)"],
  rocketChatId: ["u.rocket_chat_id"],
  availability: ["a.availability"],
  active: ["u.active"],
  statusClass: ["t.class"],
  lastSeen: ["p.last_seen_at"],
  clientexecId: ["u.clientexec_id"],
  createdAt: ["u.created_at"],
} as const;
export type LegacyListOrder = keyof typeof legacyListOrders;

interface Filters {
  readonly filter?: UserFilter;
  readonly online?: boolean;
  /** Only users seen within this many hours. */
  readonly seenWithinHours?: number;
  /** Only users that changed after this time, or whose status did. */
  readonly changedSince?: Date;
  readonly availability?: Availability;
  /** A part of jtel's UID, case-insensitive. */
  readonly jtelUid?: string;
  /** A part of the username, the full name or the e-mail address, case-insensitive. */
  readonly part?: string;
  readonly username?: string;
  readonly email?: string;
  readonly rocketChatIds?: readonly string[];
  readonly excludeRocketChatId?: string;
}

export interface LegacyListQuery extends Filters {
  readonly orderBy: LegacyListOrder;
  readonly descending?: boolean;
}

const NO_ROW = "false";

/** SQL over the aliases of `USERS`. Postgres lowers both sides: its case mapping differs from JavaScript's. */
const conditions: {
  readonly [F in keyof Filters]-?: (
    value: NonNullable<Filters[F]>,
    parameters: Parameters,
  ) => string | readonly string[];
} = {
  filter: (filter, parameters) =>
    userConditions(parse(userFilter, filter), parameters).map(unfenced),
  online: (online) =>
    online ? isOnline("p", TRANSACTION_TIME) : `(${isOffline("p", TRANSACTION_TIME)})`,
  seenWithinHours: (hours, parameters) =>
    `p.last_seen_at > ${TRANSACTION_TIME} - make_interval(hours => ${parameters.add(hours)})`,
  changedSince: (time, parameters) => {
    const since = parameters.add(time);
    return `(u.updated_at > ${since} OR ${inEffectSince("p", TRANSACTION_TIME)} > ${since})`;
  },
  availability: (availability, parameters) => `a.availability = ${parameters.add(availability)}`,
  jtelUid: (part, parameters) =>
    isStorable(part)
      ? `lower(u.jtel_uid) LIKE lower(${parameters.add(`%${escapeLike(part)}%`)})`
      : NO_ROW,
  part: (part, parameters) => (isStorable(part) ? partConditions(part, parameters) : NO_ROW),
  username: (username, parameters) =>
    isStorable(username) ? `lower(u.username) = lower(${parameters.add(username)})` : NO_ROW,
  email: (email, parameters) =>
    isStorable(email) ? `lower(u.email) = lower(${parameters.add(email)})` : NO_ROW,
  rocketChatIds: (ids, parameters) =>
    `u.rocket_chat_id = ANY(${parameters.add(ids.filter(isStorable))}::text[])`,
  excludeRocketChatId: (id, parameters) =>
    isStorable(id) ? `u.rocket_chat_id <> ${parameters.add(id)}` : [],
};

function whereOf(query: LegacyListQuery, parameters: Parameters): string {
  const parts = (Object.keys(conditions) as (keyof Filters)[]).flatMap((name) =>
    query[name] === undefined ? [] : conditions[name](query[name] as never, parameters),
  );
  return parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`;
}

/** The sort keys of a query; the last is unique. */
const keysOf = ({ orderBy }: LegacyListQuery): readonly string[] => [
  ...legacyListOrders[orderBy],
  "u.id",
];

/** @param keys of the query, or the names under which a subquery returns them */
function orderOf(query: LegacyListQuery, keys: readonly string[] = keysOf(query)): string {
  const direction = query.descending ? "DESC" : "ASC";
  return `ORDER BY ${keys.map((key) => `${key} ${direction}`).join(", ")}`;
}

/** Counts a whole list as `total`. */
export function countSql(query: LegacyListQuery, parameters: Parameters): string {
  const users = query.online === undefined ? USERS : USERS_BY_PRESENCE;
  return `SELECT count(*) AS total FROM ${users} ${whereOf(query, parameters)}`;
}

/** @param select as in `UserSelection` */
export const listSql = (select: string, query: LegacyListQuery, parameters: Parameters): string =>
  `${select} ${whereOf(query, parameters)} ${orderOf(query)}`;

/** Part of a list, by offset. */
export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/**
 * Finds the ids of the slice first, from the tables of the condition and the order, and joins the rest for them alone.
 *
 * @param select as in `UserSelection`
 */
export function sliceSql(
  select: string,
  query: LegacyListQuery,
  { offset, limit }: Slice,
  parameters: Parameters,
): string {
  const keys = keysOf(query);
  const names = keys.map((_, i) => `k${i + 1}`);
  const columns = ["u.id AS id", ...keys.map((key, i) => `${key} AS ${names[i]}`)];
  const ids = `SELECT ${columns.join(", ")} FROM ${USERS} ${whereOf(query, parameters)}
    ${orderOf(query)} LIMIT ${roundedLimit(offset + limit)}`;
  const slice = `SELECT * FROM (${ids}) candidates ${orderOf(query, names)}
    LIMIT ${opaque(limit, parameters)} OFFSET ${opaque(offset, parameters)}`;
  const inOrder = orderOf(
    query,
    names.map((name) => `slice.${name}`),
  );
  // LIMIT 1 makes Postgres look each user up, whatever number of rows it estimates.
  return `SELECT listed.* FROM (${slice}) slice
    CROSS JOIN LATERAL (${select} WHERE u.id = slice.id LIMIT 1) listed ${inOrder}`;
}

/**
 * A literal limit from which Postgres decides whether to read an index or to sort. A power of ten, so that there are
 * few statements to plan.
 */
const roundedLimit = (end: number): number => 10 ** Math.ceil(Math.log10(Math.max(end, 100)));

/** Hides a number from the planner, so that the generic plan costs no more than a custom one and is kept. */
const opaque = (value: number, parameters: Parameters): string =>
  `(SELECT ${parameters.add(value, "bigint")})`;
