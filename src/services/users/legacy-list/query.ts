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

/** What a list of people can be ordered by; ties go by id. */
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
  /** Only people who gave a sign of life within so many hours. */
  readonly seenWithinHours?: number;
  readonly availability?: Availability;
  /** A part of jtel's UID, in any case of letters. */
  readonly jtelUid?: string;
  readonly rocketChatIds?: readonly string[];
  readonly excludeRocketChatId?: string;
  /** A part of the username, of the whole name or of the e-mail address, in any case of letters. */
  readonly part?: string;
  readonly username?: string;
  readonly email?: string;
  /** Only people who were changed after that, or whose status was. */
  readonly changedSince?: Date;
  readonly orderBy: LegacyListOrder;
  readonly descending?: boolean;
}

/** The condition over `users u`, `presences p` and `agents a` that a query stands for. */
export function whereOf(query: LegacyListQuery, parameters: Parameters): string {
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

/** Both sides are lowered by Postgres, whose idea of small letters is not quite JavaScript's. */
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

/** What a list is ordered by: the last one has no equals. */
export const keysOf = ({ orderBy }: LegacyListQuery): readonly string[] => [
  ...legacyListOrders[orderBy],
  "u.id",
];

/** @param keys the query's, or the names under which a statement has them */
export function orderOf(query: LegacyListQuery, keys: readonly string[] = keysOf(query)): string {
  const direction = query.descending ? "DESC" : "ASC";
  return `ORDER BY ${keys.map((key) => `${key} ${direction}`).join(", ")}`;
}
