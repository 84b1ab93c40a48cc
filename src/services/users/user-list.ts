import { z } from "zod";
import { livechatRoles, statusClasses, userKinds } from "../../domain/vocabulary.js";
import { User } from "../../entities/user.entity.js";
import { type Condition, exists } from "../../database/pagination/condition.js";
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
import {
  inGroup,
  inStatus,
  ofKind,
  matchesSearch,
  searchInput,
  statusesOf,
  users,
  withRole,
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

/** Each order has an index that starts with exactly these expressions. */
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

/** @throws BAD_USER_INPUT with the path of the filter or argument */
export function fetchUsers(
  reader: Reader,
  request: PageRequest & { filter?: UserFilter | null; orderBy?: UserOrder | null },
): Promise<Page<User>> {
  const { filter, orderBy } = parse(listInput, request);
  const parameters = new Parameters(true);
  const order = orders[orderBy?.field ?? "USERNAME"];
  return fetchPage(
    reader,
    {
      entity: User,
      rows: users,
      conditions: filter ? userConditions(filter, parameters) : [],
      order: { ...order, descending: orderBy?.direction === "DESC" },
    },
    parameters,
    request,
  );
}

/** The conditions of a filter over `users u`, most selective first. */
export function userConditions(
  filter: z.output<typeof userFilter>,
  parameters: Parameters,
): Condition[] {
  const { search, kind, active, groupId, statusClass, livechatRole } = filter;
  const conditions: Condition[] = [];
  if (typeof groupId === "string") conditions.push(inGroup(groupId, parameters, users));
  if (search) conditions.push(...matchesSearch(search, parameters, users));
  if (statusClass)
    conditions.push(inStatus(statusesOf(statusClass, parameters), users, TRANSACTION_TIME));
  if (livechatRole) conditions.push(withRole(livechatRole, users));
  if (kind) conditions.push(ofKind(kind, users));
  if (active === false) conditions.push(exists(users, "NOT u.active", users));
  if (active === true) conditions.push({ exists: "u.active" });
  return conditions;
}
