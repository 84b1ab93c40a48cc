import { z } from "zod";
import type { LivechatRole, StatusClass, UserKind } from "../../domain/vocabulary.js";
import {
  type AliasedTable,
  type Condition,
  exists,
  limited,
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

/** Must be the exact expression of users_search_idx, or Postgres does not use the index. */
const SEARCHED_TEXT = `lower(' ' || u.username || ' ' || coalesce(u.firstname, '') || ' ' || coalesce(u.lastname, '') || ' ' || coalesce(u.email, '') || ' ' || coalesce(u.telephone, ''))`;

const TRIGRAM = 3;

export const searchInput = z
  .string()
  .max(200)
  .refine((value) => !value.includes("\u0000"), "must not contain U+0000");

/** What the trigram index can look up: three letters or digits, one at the start of a word, or two at its end. */
const INDEXED = /[\p{L}\p{N}]{3}|[^\p{L}\p{N}][\p{L}\p{N}]|[\p{L}\p{N}]{2}[^\p{L}\p{N}]/u;

/**
 * Every word of the search must occur in the username, the name, the e-mail address or the phone number. A word of one
 * or two characters must be the start of a word there, because the trigram index cannot find it elsewhere. Postgres
 * lowers both sides: its case mapping differs from JavaScript's.
 */
export function matchesSearch(
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
    const pattern = parameters.add(`%${escapeLike(part)}%`, "text");
    // The subselect makes Postgres lower the pattern once instead of for each row.
    return `${SEARCHED_TEXT} LIKE (SELECT lower(${pattern}))`;
  });
  const condition = exists(users, likes.join(" AND "), listed, null);
  // Without a trigram, Postgres would scan the whole index.
  const isIndexed = parts.some((part) => INDEXED.test(part));
  return [isIndexed ? condition : { ...condition, candidates: undefined }];
}

/** Escapes a text for a LIKE pattern. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** The text is a part of the username, the full name or the e-mail address, case-insensitive. */
export function partConditions(part: string, parameters: Parameters): string[] {
  const pattern = `lower(${parameters.add(`%${escapeLike(part)}%`)})`;
  const places = ["u.username", fullName("u"), "u.email"];
  return [
    // Implied by the second condition, and indexed.
    `${SEARCHED_TEXT} LIKE ${pattern}`,
    `(${places.map((place) => `lower(${place}) LIKE ${pattern}`).join(" OR ")})`,
  ];
}

/** @throws NOT_FOUND for any other id than that of a group */
export const inGroup = (groupId: string, parameters: Parameters, listed: AliasedTable): Condition =>
  exists(members, `m.group_id = ${parameters.add(groupKey(groupId), "int")}`, listed);

const isOfKind: Record<UserKind, string> = {
  STAFF: "u.kind = 'STAFF'",
  CUSTOMER: "u.kind = 'CUSTOMER'",
};

/** Literals, because each kind has a partial index. */
export const ofKind = (kind: UserKind, listed: AliasedTable): Condition =>
  exists(users, isOfKind[kind], listed);

const holders: Record<LivechatRole, AliasedTable> = { AGENT: agents, MANAGER: managers };

export const withRole = (role: LivechatRole, listed: AliasedTable): Condition =>
  exists(holders[role], "true", listed);

/** The status in effect at `now` is one of `statusIds`, an SQL array. */
export function inStatus(statusIds: string, listed: AliasedTable, now: string): Condition {
  const isInStatus = `${statusIdInEffect("p", now)} = ANY(${statusIds})`;
  const condition = exists(presences, isInStatus, listed);
  // Rows with a due step are few until the sweeper updates them, and have an index of their own.
  return {
    ...condition,
    candidates: {
      ids: (limit) => `
      SELECT s.id FROM unnest(${statusIds}) AS k(status_id) CROSS JOIN LATERAL (
        SELECT p.user_id AS id FROM presences p
        WHERE p.status_id = k.status_id AND ${hasNoDueStep("p", now)}
        ${limited(limit, "p.changes_at, p.user_id")}
      ) s
      UNION ALL
      SELECT p.user_id FROM presences p WHERE ${hasDueStep("p", now)} AND ${isInStatus}
      ${limit === undefined ? "" : `LIMIT ${limit}`}`,
    },
  };
}

/** An SQL array of the statuses of these classes. */
export const statusesOf = (classes: readonly StatusClass[], parameters: Parameters): string =>
  `(ARRAY(SELECT s.id FROM statuses s WHERE s.class = ANY(${parameters.add([...classes], "text[]")})))`;
