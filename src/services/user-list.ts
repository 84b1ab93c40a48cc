import { z } from "zod";
import { livechatRoles, statusClasses, userKinds } from "../domain/vocabulary.js";
import { User } from "../entities/user.entity.js";
import {
  fetchPage,
  type KeysetOrder,
  type Page,
  type PageRequest,
} from "../persistence/keyset-page.js";
import { Parameters } from "../persistence/parameters.js";
import type { Reader } from "../persistence/reader.js";
import { parseInput } from "./parse-input.js";
import {
  hasStatus,
  inGroup,
  searchConditions,
  searchInput,
  statusesOf,
} from "./user-conditions.js";

export const orderDirections = ["ASC", "DESC"] as const;

export const userFilter = z.object({
  search: searchInput.nullish(),
  kind: z.enum(userKinds).nullish(),
  active: z.boolean().nullish(),
  groupId: z.string().max(100).nullish(),
  statusClass: z.array(z.enum(statusClasses)).nullish(),
  livechatRole: z.enum(livechatRoles).nullish(),
});
export type UserFilter = z.input<typeof userFilter>;

export const userOrderFields = ["USERNAME", "NAME", "CREATED_AT"] as const;

const userOrder = z.object({
  field: z.enum(userOrderFields),
  direction: z.enum(orderDirections).nullish(),
});
export type UserOrder = z.input<typeof userOrder>;

const listInput = z.object({ filter: userFilter.nullish(), orderBy: userOrder.nullish() });

/** Each has an index that starts with exactly these expressions. */
const orders: Record<(typeof userOrderFields)[number], KeysetOrder> = {
  USERNAME: { name: "username", keys: [{ sql: "lower(u.username)", type: "text" }] },
  NAME: {
    name: "name",
    keys: [
      { sql: "lower(coalesce(u.lastname, ''))", type: "text" },
      { sql: "lower(coalesce(u.firstname, ''))", type: "text" },
      { sql: "u.id", type: "integer" },
    ],
  },
  CREATED_AT: {
    name: "createdAt",
    keys: [
      { sql: "u.created_at", type: "timestamptz" },
      { sql: "u.id", type: "integer" },
    ],
  },
};

const roleTables = { AGENT: "agents", MANAGER: "managers" } as const;

/** @throws BAD_USER_INPUT naming the filter or argument */
export function fetchUsers(
  reader: Reader,
  request: PageRequest & { filter?: UserFilter | null; orderBy?: UserOrder | null },
): Promise<Page<User>> {
  const { filter, orderBy } = parseInput(listInput, request);
  const parameters = new Parameters();
  const order = orders[orderBy?.field ?? "USERNAME"];
  return fetchPage(
    reader,
    {
      entity: User,
      alias: "u",
      from: "users u",
      conditions: filter ? userConditions(filter, parameters) : [],
      order: { ...order, descending: orderBy?.direction === "DESC" },
    },
    parameters,
    request,
  );
}

/** The conditions over `users u` that a filter stands for. */
export function userConditions(
  filter: z.output<typeof userFilter>,
  parameters: Parameters,
): string[] {
  const { search, kind, active, groupId, statusClass, livechatRole } = filter;
  const conditions = search ? searchConditions(search, parameters) : [];
  if (kind) conditions.push(`u.kind = ${parameters.add(kind)}`);
  if (typeof active === "boolean") conditions.push(active ? "u.active" : "NOT u.active");
  if (groupId) conditions.push(inGroup(groupId, parameters, "u.id"));
  if (statusClass) {
    const status = hasStatus(statusesOf(statusClass, parameters));
    conditions.push(`EXISTS (SELECT 1 FROM presences p WHERE p.user_id = u.id AND ${status})`);
  }
  if (livechatRole) {
    conditions.push(`EXISTS (SELECT 1 FROM ${roleTables[livechatRole]} r WHERE r.user_id = u.id)`);
  }
  return conditions;
}
