import { z } from "zod";
import type { StatusClass } from "../domain/vocabulary.js";
import type { Parameters } from "../persistence/parameters.js";
import { groupKey } from "./group-membership.js";

/** The expression of users_search_idx, to the letter: else Postgres would not use it. */
const SEARCHED_TEXT = `lower(' ' || u.username || ' ' || coalesce(u.firstname, '') || ' ' || coalesce(u.lastname, '') || ' ' || coalesce(u.email, '') || ' ' || coalesce(u.telephone, ''))`;

const TRIGRAM = 3;

export const searchInput = z
  .string()
  .max(200)
  .refine((value) => !value.includes("\u0000"), "must not hold U+0000");

/**
 * Every word of the search must be in the username, the name, the e-mail address or the telephone.
 * A word of one or two characters must start one: the trigram index knows no shorter middle part.
 */
export function searchConditions(search: string, parameters: Parameters): string[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.map((word) => {
    const escaped = word.replace(/[\\%_]/g, "\\$&");
    const pattern = [...word].length < TRIGRAM ? `% ${escaped}%` : `%${escaped}%`;
    return `${SEARCHED_TEXT} LIKE ${parameters.add(pattern)}`;
  });
}

/** @throws NOT_FOUND for anything but the id of a group */
export const inGroup = (groupId: string, parameters: Parameters, userId: string): string =>
  `EXISTS (SELECT 1 FROM group_members m WHERE m.user_id = ${userId} AND m.group_id = ${parameters.add(groupKey(groupId))})`;

/**
 * A condition over `presences p`: the status in effect is one of `statusIds`, an SQL array. Rows whose
 * stored status has run out are few and found by their own index; for them the plan is asked.
 */
export const hasStatus = (statusIds: string): string => `(
  (p.status_id = ANY(${statusIds}) AND (p.changes_at IS NULL OR p.changes_at > now()))
  OR (p.changes_at <= now() AND (
    SELECT (step->>'statusId')::int FROM jsonb_array_elements(p.plan) step
    WHERE (step->>'at')::timestamptz <= now()
    ORDER BY (step->>'at')::timestamptz DESC LIMIT 1
  ) = ANY(${statusIds})))`;

/** An SQL array of the statuses of these classes. */
export const statusesOf = (classes: readonly StatusClass[], parameters: Parameters): string =>
  `(ARRAY(SELECT s.id FROM statuses s WHERE s.class = ANY(${parameters.add([...classes])}::text[])))`;
