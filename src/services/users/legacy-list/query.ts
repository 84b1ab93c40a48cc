import type { Availability } from "../../../domain/vocabulary.js";
import { unfenced } from "../../../database/pagination/condition.js";
import type { Parameters } from "../../../database/pagination/parameters.js";
import { TRANSACTION_TIME } from "../../../database/sql-time.js";
import { parse } from "../../parse-input.js";
import { inEffectSince, isOffline, isOnline } from "../../presence/presence-sql.js";
import { isStorable } from "../user-ref.js";
import { literally, partConditions } from "../user-conditions.js";
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

export interface LegacyListQuery {
  readonly filter?: UserFilter;
  readonly online?: boolean;
  /** Only users seen within this many hours. */
  readonly seenWithinHours?: number;
  readonly availability?: Availability;
  /** A part of jtel's UID, case-insensitive. */
  readonly jtelUid?: string;
  readonly rocketChatIds?: readonly string[];
  readonly excludeRocketChatId?: string;
  /** A part of the username, the full name or the e-mail address, case-insensitive. */
  readonly part?: string;
  readonly username?: string;
  readonly email?: string;
  /** Only users that changed after this time, or whose status did. */
  readonly changedSince?: Date;
  readonly orderBy: LegacyListOrder;
  readonly descending?: boolean;
}

/** The WHERE clause of a query, over the aliases of `USERS`. */
function whereOf(query: LegacyListQuery, parameters: Parameters): string {
  const conditions = [
    ...(query.filter
      ? userConditions(parse(userFilter, query.filter), parameters).map(unfenced)
      : []),
    ...presenceConditions(query, parameters),
    ...textConditions(query, parameters),
    ...idConditions(query, parameters),
  ];
  if (query.availability) {
    conditions.push(`a.availability = ${parameters.add(query.availability)}`);
  }
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}

function presenceConditions(query: LegacyListQuery, parameters: Parameters): string[] {
  const { online, seenWithinHours, changedSince } = query;
  const conditions: string[] = [];
  if (online !== undefined) {
    conditions.push(
      online ? isOnline("p", TRANSACTION_TIME) : `(${isOffline("p", TRANSACTION_TIME)})`,
    );
  }
  if (seenWithinHours !== undefined) {
    const hours = parameters.add(seenWithinHours);
    conditions.push(`p.last_seen_at > ${TRANSACTION_TIME} - make_interval(hours => ${hours})`);
  }
  if (changedSince) {
    const since = parameters.add(changedSince);
    conditions.push(
      `(u.updated_at > ${since} OR ${inEffectSince("p", TRANSACTION_TIME)} > ${since})`,
    );
  }
  return conditions;
}

/** Postgres lowers both sides: its case mapping differs from JavaScript's. */
function textConditions(query: LegacyListQuery, parameters: Parameters): string[] {
  const { jtelUid, part, username, email } = query;
  if (![jtelUid, part, username, email].every((text) => text === undefined || isStorable(text))) {
    return ["false"];
  }
  const conditions: string[] = [];
  if (jtelUid !== undefined) {
    const pattern = parameters.add(`%${literally(jtelUid)}%`);
    conditions.push(`lower(u.jtel_uid) LIKE lower(${pattern})`);
  }
  if (part !== undefined) conditions.push(...partConditions(part, parameters));
  if (username !== undefined) {
    conditions.push(`lower(u.username) = lower(${parameters.add(username)})`);
  }
  if (email !== undefined) conditions.push(`lower(u.email) = lower(${parameters.add(email)})`);
  return conditions;
}

function idConditions(query: LegacyListQuery, parameters: Parameters): string[] {
  const { rocketChatIds, excludeRocketChatId } = query;
  const conditions: string[] = [];
  if (rocketChatIds) {
    const ids = parameters.add(rocketChatIds.filter(isStorable));
    conditions.push(`u.rocket_chat_id = ANY(${ids}::text[])`);
  }
  if (excludeRocketChatId !== undefined && isStorable(excludeRocketChatId)) {
    conditions.push(`u.rocket_chat_id <> ${parameters.add(excludeRocketChatId)}`);
  }
  return conditions;
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
