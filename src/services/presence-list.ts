import { z } from "zod";
import { fromGlobalId } from "../domain/global-id.js";
import * as text from "../domain/text-rules.js";
import { statusClasses, userKinds } from "../domain/vocabulary.js";
import { Presence } from "../entities/presence.entity.js";
import { presenceAt } from "../domain/presence.js";
import {
  fetchPage,
  type KeysetOrder,
  type Page,
  type PageRequest,
} from "../persistence/keyset-page.js";
import { Parameters } from "../persistence/parameters.js";
import type { Reader } from "../persistence/reader.js";
import { parseInput } from "./parse-input.js";
import { hasStatus, inGroup, statusesOf } from "./user-conditions.js";

const MAX_USER_IDS = 1000;

const presenceFilter = z.object({
  online: z.boolean().nullish(),
  statusClass: z.array(z.enum(statusClasses)).nullish(),
  statusId: text.int32.nullish(),
  kind: z.enum(userKinds).nullish(),
  groupId: z.string().max(100).nullish(),
  userIds: z.array(z.string().max(100)).max(MAX_USER_IDS).nullish(),
  locked: z.boolean().nullish(),
});
export type PresenceFilter = z.input<typeof presenceFilter>;

const listInput = z.object({ filter: presenceFilter.nullish() });

const byUser: KeysetOrder = { name: "user", keys: [{ sql: "p.user_id", type: "integer" }] };

/** Added to every select of presences: the moment that the rows are to be true for. */
export const READ_AT = `now() AS "readAt"`;

/** Takes the steps that came due by the moment of reading. */
export const asOfReading = (presence: Presence): Presence =>
  Object.assign(presence, presenceAt(presence, presence.readAt));

/** @throws BAD_USER_INPUT naming the filter or argument */
export async function fetchPresences(
  reader: Reader,
  request: PageRequest & { filter?: PresenceFilter | null },
): Promise<Page<Presence>> {
  const { filter } = parseInput(listInput, request);
  const parameters = new Parameters();
  const page = await fetchPage(
    reader,
    {
      entity: Presence,
      alias: "p",
      from: "presences p",
      conditions: filter ? conditionsOf(filter, parameters) : [],
      extra: READ_AT,
      order: byUser,
    },
    parameters,
    request,
  );
  page.rows.forEach(asOfReading);
  return page;
}

function conditionsOf(filter: z.output<typeof presenceFilter>, parameters: Parameters): string[] {
  const { online, statusClass, statusId, kind, groupId, userIds, locked } = filter;
  const conditions: string[] = [];
  if (typeof online === "boolean") {
    conditions.push(
      online ? "p.lease_until > now()" : "(p.lease_until IS NULL OR p.lease_until <= now())",
    );
  }
  if (statusClass) conditions.push(hasStatus(statusesOf(statusClass, parameters)));
  if (statusId) conditions.push(hasStatus(`ARRAY[${parameters.add(statusId)}::int]`));
  if (kind) {
    const user = `SELECT 1 FROM users u WHERE u.id = p.user_id AND u.kind = ${parameters.add(kind)}`;
    conditions.push(`EXISTS (${user})`);
  }
  if (groupId) conditions.push(inGroup(groupId, parameters, "p.user_id"));
  if (userIds) conditions.push(`p.user_id = ANY(${parameters.add(userKeys(userIds))}::int[])`);
  if (typeof locked === "boolean") {
    const lock = `SELECT 1 FROM presence_claims c WHERE c.user_id = p.user_id AND c.kind = 'LOCK' AND (c.until IS NULL OR c.until > now())`;
    conditions.push(`${locked ? "" : "NOT "}EXISTS (${lock})`);
  }
  return conditions;
}

/** Ids of nobody match nothing. */
const userKeys = (ids: readonly string[]): number[] =>
  ids.flatMap((id) => {
    const parsed = fromGlobalId(id);
    return parsed?.type === "User" ? [Number(parsed.key)] : [];
  });
