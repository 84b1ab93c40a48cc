import { z } from "zod";
import { integerKeyOf } from "../../domain/global-id.js";
import * as text from "../../domain/text-rules.js";
import { statusClasses, userKinds } from "../../domain/vocabulary.js";
import { Presence } from "../../entities/presence.entity.js";
import { presenceAt } from "../../domain/presence.js";
import {
  type Condition,
  exists,
  notExists,
  type AliasedTable,
} from "../../database/pagination/condition.js";
import {
  fetchPage,
  type KeysetOrder,
  type Page,
  type PageRequest,
} from "../../database/pagination/keyset-page.js";
import { Parameters } from "../../database/pagination/parameters.js";
import type { Reader } from "../../database/reader.js";
import { TRANSACTION_TIME } from "../../database/sql-time.js";
import { parse } from "../parse-input.js";
import { inGroup, inStatus, ofKind, presences, statusesOf } from "../users/user-conditions.js";
import { columnsAsOf, isActiveLock, isOffline, isOnline } from "./presence-sql.js";

const MAX_USER_IDS = 1000;

export const presenceFilter = z.object({
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

/** Applies the steps that were due at the time of reading. Needs the columns of `columnsAsOf`. */
export function asOfReading(presence: Presence): Presence {
  const { duePlan, readAt } = presence;
  if (duePlan === null) return presence;
  const stored = Object.assign(presence, { plan: duePlan });
  return Object.assign(presence, presenceAt(stored, readAt));
}

/** @throws BAD_USER_INPUT naming the filter or argument */
export async function fetchPresences(
  reader: Reader,
  request: PageRequest & { filter?: PresenceFilter | null },
): Promise<Page<Presence>> {
  const { filter } = parse(listInput, request);
  const parameters = new Parameters(true);
  const page = await fetchPage(
    reader,
    {
      entity: Presence,
      rows: presences,
      conditions: filter ? conditionsOf(filter, parameters) : [],
      extra: columnsAsOf("p", TRANSACTION_TIME),
      order: byUser,
    },
    parameters,
    request,
  );
  page.rows.forEach(asOfReading);
  return page;
}

/** The most selective condition first. */
function conditionsOf(
  filter: z.output<typeof presenceFilter>,
  parameters: Parameters,
): Condition[] {
  const { online, statusClass, statusId, kind, groupId, userIds, locked } = filter;
  const conditions: Condition[] = [];
  if (userIds) {
    const keys = parameters.add(userKeys(userIds), "int[]");
    conditions.push(exists(presences, `p.user_id = ANY(${keys})`, presences));
  }
  const isLock = isActiveLock("c", TRANSACTION_TIME);
  if (locked === true) conditions.push(exists(claims, isLock, presences));
  if (locked === false) conditions.push(notExists(claims, isLock, presences));
  if (typeof groupId === "string") conditions.push(inGroup(groupId, parameters, presences));
  if (statusId) {
    const ids = `ARRAY[${parameters.add(statusId, "int")}]`;
    conditions.push(inStatus(ids, presences, TRANSACTION_TIME));
  }
  if (online === true) {
    const isConnected = isOnline("p", TRANSACTION_TIME);
    conditions.push(exists(presences, isConnected, presences, "p.lease_until"));
  }
  if (online === false) conditions.push({ exists: isOffline("p", TRANSACTION_TIME) });
  if (statusClass) {
    const ids = statusesOf(statusClass, parameters);
    conditions.push(inStatus(ids, presences, TRANSACTION_TIME));
  }
  if (kind) conditions.push(ofKind(kind, presences));
  return conditions;
}

const claims: AliasedTable = { table: "presence_claims", alias: "c", id: "user_id" };

/** Drops ids of other types, which match no rows. */
export const userKeys = (ids: readonly string[]): number[] =>
  ids.flatMap((id) => integerKeyOf("User", id) ?? []);
