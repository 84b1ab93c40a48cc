import { z } from "zod";
import { availabilities, livechatRoles, statusClasses } from "../domain/vocabulary.js";
import { Agent } from "../entities/agent.entity.js";
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
import { orderDirections } from "./user-list.js";

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
  USERNAME: { name: "username", keys: [{ sql: "lower(u.username)", type: "text" }] },
  REGISTERED_AT: {
    name: "registeredAt",
    keys: [
      { sql: "a.registered_at", type: "timestamptz" },
      { sql: "a.user_id", type: "integer" },
    ],
  },
};

/** A held reservation counts until it expires, an accepted one until it is released. */
export const ACTIVE_RESERVATION = `(r.state = 'ACCEPTED' OR (r.state = 'HELD' AND r.expires_at > now()))`;

/** @throws BAD_USER_INPUT naming the filter or argument */
export function fetchAgents(
  reader: Reader,
  request: PageRequest & { filter?: AgentFilter | null; orderBy?: AgentOrder | null },
): Promise<Page<Agent>> {
  const { filter, orderBy } = parseInput(listInput, request);
  const parameters = new Parameters();
  const order = orders[orderBy?.field ?? "USERNAME"];
  return fetchPage(
    reader,
    {
      entity: Agent,
      alias: "a",
      from: "agents a JOIN users u ON u.id = a.user_id",
      conditions: filter ? conditionsOf(filter, parameters) : [],
      order: { ...order, descending: orderBy?.direction === "DESC" },
    },
    parameters,
    request,
  );
}

function conditionsOf(filter: z.output<typeof agentFilter>, parameters: Parameters): string[] {
  const { search, role, availability, statusClass, groupId, hasFreeSlot } = filter;
  const conditions = search ? searchConditions(search, parameters) : [];
  if (role === "MANAGER") {
    conditions.push(`EXISTS (SELECT 1 FROM managers g WHERE g.user_id = a.user_id)`);
  }
  if (availability) conditions.push(`a.availability = ${parameters.add(availability)}`);
  if (statusClass) {
    const status = hasStatus(statusesOf(statusClass, parameters));
    conditions.push(`EXISTS (SELECT 1 FROM presences p WHERE p.user_id = a.user_id AND ${status})`);
  }
  if (groupId) conditions.push(inGroup(groupId, parameters, "a.user_id"));
  if (typeof hasFreeSlot === "boolean") {
    const free = `(SELECT s.max_chats FROM user_settings s WHERE s.user_id = a.user_id) >
      (SELECT count(*) FROM reservations r WHERE r.user_id = a.user_id AND r.state IN ('HELD', 'ACCEPTED') AND ${ACTIVE_RESERVATION})`;
    conditions.push(hasFreeSlot ? free : `NOT (${free})`);
  }
  return conditions;
}
