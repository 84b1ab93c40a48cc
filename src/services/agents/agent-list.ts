import { z } from "zod";
import {
  availabilities,
  type Availability,
  livechatRoles,
  statusClasses,
} from "../../domain/vocabulary.js";
import { Agent } from "../../entities/agent.entity.js";
import {
  type Condition,
  exists,
  idOf,
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
import { isStoredActive } from "../reservations/reservation-sql.js";
import {
  agents,
  inGroup,
  inStatus,
  matchesSearch,
  searchInput,
  statusesOf,
  users,
  withRole,
} from "../users/user-conditions.js";
import { orderDirections } from "../users/user-list.js";
import { hasFreeSlot } from "./capacity-sql.js";

const agentFilter = z.object({
  search: searchInput.nullish(),
  role: z.enum(livechatRoles).nullish(),
  availability: z.enum(availabilities).nullish(),
  statusClass: z.array(z.enum(statusClasses)).nullish(),
  groupId: z.string().max(100).nullish(),
  hasFreeSlot: z.boolean().nullish(),
});
export type AgentFilter = z.input<typeof agentFilter>;

export const agentOrderFields = ["USERNAME", "REGISTERED_AT"] as const;

const agentOrder = z.object({
  field: z.enum(agentOrderFields),
  direction: z.enum(orderDirections).nullish(),
});
export type AgentOrder = z.input<typeof agentOrder>;

const listInput = z.object({ filter: agentFilter.nullish(), orderBy: agentOrder.nullish() });

const orders: Record<(typeof agentOrderFields)[number], KeysetOrder> = {
  USERNAME: { name: "agentUsername", keys: [{ sql: "lower(u.username)", type: "text" }] },
  REGISTERED_AT: {
    name: "registeredAt",
    keys: [
      { sql: "a.registered_at", type: "timestamptz" },
      { sql: "a.user_id", type: "integer" },
    ],
  },
};

/** @throws BAD_USER_INPUT with the path of the filter or argument */
export function fetchAgents(
  reader: Reader,
  request: PageRequest & { filter?: AgentFilter | null; orderBy?: AgentOrder | null },
): Promise<Page<Agent>> {
  const { filter, orderBy } = parse(listInput, request);
  const parameters = new Parameters(true);
  const field = orderBy?.field ?? "USERNAME";
  const order = orders[field];
  const indexScan = field === "USERNAME" ? users : agents;
  return fetchPage(
    reader,
    {
      entity: Agent,
      rows: agents,
      indexScan,
      conditions: [
        ...(filter ? conditionsOf(filter, parameters, indexScan) : []),
        withRole("AGENT", indexScan),
      ],
      order: { ...order, descending: orderBy?.direction === "DESC" },
    },
    parameters,
    request,
  );
}

/** The conditions of a filter, most selective first. */
function conditionsOf(
  filter: z.output<typeof agentFilter>,
  parameters: Parameters,
  listed: AliasedTable,
): Condition[] {
  const { search, role, availability, statusClass, groupId, hasFreeSlot: isFree } = filter;
  const conditions: Condition[] = [];
  if (typeof groupId === "string") conditions.push(inGroup(groupId, parameters, listed));
  if (role === "MANAGER") conditions.push(withRole(role, listed));
  if (search) conditions.push(...matchesSearch(search, parameters, listed));
  if (isFree === false) conditions.push(withoutFreeSlot(listed));
  if (isFree === true) conditions.push({ exists: hasFreeSlot(idOf(listed), TRANSACTION_TIME) });
  if (statusClass) {
    conditions.push(inStatus(statusesOf(statusClass, parameters), listed, TRANSACTION_TIME));
  }
  if (availability) conditions.push(exists(agents, isAvailability[availability], listed));
  return conditions;
}

/** Literals, because each availability has a partial index. */
const isAvailability: Record<Availability, string> = {
  AVAILABLE: "a.availability = 'AVAILABLE'",
  NOT_AVAILABLE: "a.availability = 'NOT_AVAILABLE'",
};

/** An agent without a free slot has an active reservation, or a limit of no chats. */
const withoutFreeSlot = (listed: AliasedTable): Condition => ({
  exists: `NOT ${hasFreeSlot(idOf(listed), TRANSACTION_TIME)}`,
  candidates: {
    ids: () => `
    SELECT f.id FROM (
      SELECT user_id AS id FROM user_settings WHERE max_chats = 0
      UNION SELECT r.user_id FROM reservations r WHERE ${isStoredActive("r")}
    ) f WHERE NOT ${hasFreeSlot("f.id", TRANSACTION_TIME)}`,
    ignoresLimit: true,
  },
});
