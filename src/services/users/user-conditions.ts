import { z } from "zod";
import type { LivechatRole, StatusClass, UserKind } from "../../domain/vocabulary.js";
import {
  capped,
  type Condition,
  exists,
  type AliasedTable,
} from "../../database/pagination/condition.js";
import type { Parameters } from "../../database/pagination/parameters.js";
import { hasDueStep, hasNoDueStep, statusIdInEffect } from "../presence/presence-sql.js";
import { groupKey } from "./group-membership.js";
import { fullName } from "./user-sql.js";

export const users: AliasedTable = { table: "users", alias: "u", id: "id" };
export const presences: AliasedTable = { table: "presences", alias: "p", id: "user_id" };
export const agents: AliasedTable = { table: "agents", alias: "a", id: "user_id" };
const managers: AliasedTable = { table: "managers", alias: "g", id: "user_id" };
const members: AliasedTable = { table: "group_members", alias: "m", id: "user_id" };

/** The expression of users_search_idx, to the letter: else Postgres would not use it. */
const SEARCHED_TEXT = `lower(' ' || u.username || ' ' || coalesce(u.firstname, '') || ' ' || coalesce(u.lastname, '') || ' ' || coalesce(u.email, '') || ' ' || coalesce(u.telephone, ''))`;

const TRIGRAM = 3;

export const searchInput = z
  .string()
  .max(200)
  .refine((value) => !value.includes("\u0000"), "must not hold U+0000");

/** What the trigram index can look up: three letters or digits, or one where a word starts, or two where it ends. */
const INDEXED = /[\p{L}\p{N}]{3}|[^\p{L}\p{N}][\p{L}\p{N}]|[\p{L}\p{N}]{2}[^\p{L}\p{N}]/u;

/**
 * Every word of the search must be in the username, the name, the e-mail address or the telephone.
 * A word of one or two characters must start one: the trigram index knows no shorter middle part.
 * Both sides are lowered by Postgres, whose idea of small letters is not quite JavaScript's.
 */
export function searching(
  search: string,
  parameters: Parameters,
  listed: AliasedTable,
): Condition[] {
  const parts = search
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ([...word].length < TRIGRAM ? ` ${word}` : word));
  if (parts.length === 0) return [];
  const likes = parts.map((part) => {
    const pattern = parameters.add(`%${literally(part)}%`, "text");
    // A subselect: else Postgres would lower the pattern again for each row.
    return `${SEARCHED_TEXT} LIKE (SELECT lower(${pattern}))`;
  });
  const condition = exists(users, likes.join(" AND "), listed, null);
  // Without anything to look up, the index would be read whole.
  const isIndexed = parts.some((part) => INDEXED.test(part));
  return [isIndexed ? condition : { where: condition.where }];
}

/** The text as part of a LIKE pattern: none of its characters stands for others. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** The text, in any case of letters, is a part of the username, of the whole name or of the e-mail address. */
export function partConditions(part: string, parameters: Parameters): string[] {
  const pattern = `lower(${parameters.add(`%${literally(part)}%`)})`;
  const places = ["u.username", fullName("u"), "u.email"];
  return [
    // Implied by the second, and has an index.
    `${SEARCHED_TEXT} LIKE ${pattern}`,
    `(${places.map((place) => `lower(${place}) LIKE ${pattern}`).join(" OR ")})`,
  ];
}

/** @throws NOT_FOUND for anything but the id of a group */
export const inGroup = (groupId: string, parameters: Parameters, listed: AliasedTable): Condition =>
  exists(members, `m.group_id = ${parameters.add(groupKey(groupId), "int")}`, listed);

const isOfKind: Record<UserKind, string> = {
  STAFF: "u.kind = 'STAFF'",
  CUSTOMER: "u.kind = 'CUSTOMER'",
};

/** The word stands in the statement, since there is an index for each word. */
export const ofKind = (kind: UserKind, listed: AliasedTable): Condition =>
  exists(users, isOfKind[kind], listed);

const holders: Record<LivechatRole, AliasedTable> = { AGENT: agents, MANAGER: managers };

export const withRole = (role: LivechatRole, listed: AliasedTable): Condition =>
  exists(holders[role], "true", listed);

/** The status in effect at `now` is one of `statusIds`, an SQL array. */
export function inStatus(statusIds: string, listed: AliasedTable, now: string): Condition {
  const isInStatus = `${statusIdInEffect("p", now)} = ANY(${statusIds})`;
  const { where } = exists(presences, isInStatus, listed);
  // Rows with a due step are few until the sweeper updates them, and have an index of their own.
  return {
    where,
    candidates: (cap) => `
      SELECT s.id FROM unnest(${statusIds}) AS k(status_id) CROSS JOIN LATERAL (
        SELECT p.user_id AS id FROM presences p
        WHERE p.status_id = k.status_id AND ${hasNoDueStep("p", now)}
        ${capped(cap, "p.changes_at, p.user_id")}
      ) s
      UNION ALL
      SELECT p.user_id FROM presences p WHERE ${hasDueStep("p", now)} AND ${isInStatus}
      ${cap === undefined ? "" : `LIMIT ${cap}`}`,
  };
}

/** An SQL array of the statuses of these classes. */
export const statusesOf = (classes: readonly StatusClass[], parameters: Parameters): string =>
  `(ARRAY(SELECT s.id FROM statuses s WHERE s.class = ANY(${parameters.add([...classes], "text[]")})))`;
