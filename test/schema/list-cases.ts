import type { AgentFilter } from "../../src/services/agents/agent-list.js";
import type { AuditFilter } from "../../src/services/audit/audit.service.js";
import type { PresenceFilter } from "../../src/services/presence/presence-list.js";
import type { UserFilter } from "../../src/services/users/user-list.js";
import { LAST_RECORD, type LoadDatabase } from "./load-database.js";

/**
 * The distribution of the matches in a list, which decides the cost that a page may have.
 *
 * few: hardly any row matches. many: one in fifty or more, anywhere in the order. some: in between, or found by a
 * text. apart: many rows match each condition, but few match all of them, or all lie at one end of the order.
 */
export type Lie = "few" | "many" | "some" | "apart";

export interface ListCase<Filter> {
  readonly filter: (database: LoadDatabase) => Filter;
  /** The same in plain SQL over all tables at once. */
  readonly where: string;
  readonly lie: Lie;
}
type Cases<Filter> = Readonly<Record<string, ListCase<Filter>>>;

const fits = <Filter>(
  lie: Lie,
  filter: Filter | ((database: LoadDatabase) => Filter),
  where: string,
): ListCase<Filter> => ({
  filter: typeof filter === "function" ? (filter as ListCase<Filter>["filter"]) : () => filter,
  where,
  lie,
});

const TEXT = `lower(concat(' ', u.username, ' ', u.firstname, ' ', u.lastname, ' ', u.email, ' ', u.telephone))`;
const STATUS = `(CASE WHEN p.changes_at <= now() THEN (p.plan->0->>'statusId')::int ELSE p.status_id END)`;
const ofClass = (...classes: string[]) =>
  `${STATUS} IN (SELECT id FROM statuses WHERE class IN ('${classes.join("', '")}'))`;
const inGroup = (name: string) =>
  `u.id IN (SELECT user_id FROM group_members JOIN groups ON groups.id = group_id WHERE name = '${name}')`;
const LOCKED = `u.id IN (SELECT user_id FROM presence_claims WHERE kind = 'LOCK' AND (until IS NULL OR until > now()))`;
const ONLINE = `coalesce(p.lease_until > now(), false)`;
const FREE = `s.max_chats > (SELECT count(*) FROM reservations r WHERE r.user_id = u.id AND r.state = 'ACCEPTED')`;

const large = ({ groupIds }: LoadDatabase) => ({ groupId: groupIds.large });
const small = ({ groupIds }: LoadDatabase) => ({ groupId: groupIds.small });
const late = ({ groupIds }: LoadDatabase) => ({ groupId: groupIds.late });
const IN_LARGE = inGroup("Load group 01");
const IN_SMALL = inGroup("Small");
const IN_LATE = inGroup("Late");

const searches: Cases<{ search: string }> = {
  "a word that all have": fits("many", { search: "load" }, `${TEXT} LIKE '%load%'`),
  "a word that hardly anybody has": fits(
    "some",
    { search: "featherstonehaugh" },
    `${TEXT} LIKE '%featherstonehaugh%'`,
  ),
  "a first and a last name": fits(
    "some",
    { search: "Yasmin Zhang" },
    `${TEXT} LIKE '%yasmin%' AND ${TEXT} LIKE '%zhang%'`,
  ),
  "one letter": fits("some", { search: "x" }, `${TEXT} LIKE '% x%'`),
  "one letter that all have": fits("many", { search: "L" }, `${TEXT} LIKE '% l%'`),
  "two letters that go apart": fits(
    "some",
    { search: "a b" },
    `${TEXT} LIKE '% a%' AND ${TEXT} LIKE '% b%'`,
  ),
  "a word of those at the start of an order": fits(
    "some",
    { search: "load0000" },
    `${TEXT} LIKE '%load0000%'`,
  ),
  "a word that nobody has": fits("some", { search: "qqqq" }, "false"),
};

export const userCases: Cases<UserFilter> = {
  everybody: fits("many", {}, "true"),
  ...searches,
  staff: fits("many", { kind: "STAFF" }, "u.kind = 'STAFF'"),
  customers: fits("many", { kind: "CUSTOMER" }, "u.kind = 'CUSTOMER'"),
  "the active": fits("many", { active: true }, "u.active"),
  "the inactive": fits("some", { active: false }, "NOT u.active"),
  "a large group": fits("many", large, IN_LARGE),
  "a small group": fits("few", small, IN_SMALL),
  "a group at the end of every order": fits("apart", late, IN_LATE),
  "a class of many": fits("many", { statusClass: ["OFFLINE"] }, ofClass("OFFLINE")),
  "a class of some": fits("many", { statusClass: ["AVAILABLE"] }, ofClass("AVAILABLE")),
  "a class of few": fits("few", { statusClass: ["BUSY"] }, ofClass("BUSY")),
  "several classes": fits("many", { statusClass: ["BUSY", "AWAY"] }, ofClass("BUSY", "AWAY")),
  agents: fits("many", { livechatRole: "AGENT" }, "a.user_id IS NOT NULL"),
  managers: fits("few", { livechatRole: "MANAGER" }, "g.user_id IS NOT NULL"),
  "active staff of a large group": fits(
    "apart",
    (database) => ({ kind: "STAFF", active: true, ...large(database) }),
    `u.kind = 'STAFF' AND u.active AND ${IN_LARGE}`,
  ),
  "those of a small group who are offline": fits(
    "few",
    (database) => ({ statusClass: ["OFFLINE"], ...small(database) }),
    `${ofClass("OFFLINE")} AND ${IN_SMALL}`,
  ),
  "those of a large group in a class of few": fits(
    "few",
    (database) => ({ statusClass: ["BUSY"], ...large(database) }),
    `${ofClass("BUSY")} AND ${IN_LARGE}`,
  ),
  "those of a large group in a class of some": fits(
    "apart",
    (database) => ({ statusClass: ["AVAILABLE"], ...large(database) }),
    `${ofClass("AVAILABLE")} AND ${IN_LARGE}`,
  ),
  "active staff by a word that hardly anybody has": fits(
    "some",
    { search: "featherstonehaugh", kind: "STAFF", active: true },
    `${TEXT} LIKE '%featherstonehaugh%' AND u.kind = 'STAFF' AND u.active`,
  ),
};

export const agentCases: Cases<AgentFilter> = {
  everybody: fits("many", {}, "true"),
  ...searches,
  managers: fits("few", { role: "MANAGER" }, "g.user_id IS NOT NULL"),
  available: fits("many", { availability: "AVAILABLE" }, "a.availability = 'AVAILABLE'"),
  "not available": fits(
    "some",
    { availability: "NOT_AVAILABLE" },
    "a.availability = 'NOT_AVAILABLE'",
  ),
  "a class of many": fits("many", { statusClass: ["OFFLINE"] }, ofClass("OFFLINE")),
  "a class of few": fits("few", { statusClass: ["BUSY"] }, ofClass("BUSY")),
  "a large group": fits("apart", large, IN_LARGE),
  "a small group": fits("few", small, IN_SMALL),
  "with a free slot": fits("many", { hasFreeSlot: true }, FREE),
  "without a free slot": fits("some", { hasFreeSlot: false }, `NOT ${FREE}`),
  "who could take a chat, in a large group": fits(
    "apart",
    (database) => ({
      availability: "AVAILABLE",
      hasFreeSlot: true,
      statusClass: ["AVAILABLE"],
      ...large(database),
    }),
    `a.availability = 'AVAILABLE' AND ${FREE} AND ${ofClass("AVAILABLE")} AND ${IN_LARGE}`,
  ),
};

export const presenceCases: Cases<PresenceFilter> = {
  everybody: fits("many", {}, "true"),
  online: fits("many", { online: true }, ONLINE),
  "not online": fits("many", { online: false }, `NOT ${ONLINE}`),
  "a class of many": fits("many", { statusClass: ["OFFLINE"] }, ofClass("OFFLINE")),
  "a class of few": fits("few", { statusClass: ["BUSY"] }, ofClass("BUSY")),
  "a status of some": fits("many", { statusId: 8 }, `${STATUS} = 8`),
  "a status of nobody": fits("few", { statusId: 6 }, `${STATUS} = 6`),
  staff: fits("many", { kind: "STAFF" }, "u.kind = 'STAFF'"),
  customers: fits("many", { kind: "CUSTOMER" }, "u.kind = 'CUSTOMER'"),
  "a large group": fits("many", large, IN_LARGE),
  "a small group": fits("few", small, IN_SMALL),
  "a group at the end of every order": fits("apart", late, IN_LATE),
  locked: fits("few", { locked: true }, LOCKED),
  "not locked": fits("many", { locked: false }, `NOT ${LOCKED}`),
  "locked and online": fits("few", { locked: true, online: true }, `${LOCKED} AND ${ONLINE}`),
  "available and online": fits(
    "many",
    { statusClass: ["AVAILABLE"], online: true },
    `${ofClass("AVAILABLE")} AND ${ONLINE}`,
  ),
  "staff online in a large group": fits(
    "apart",
    (database) => ({ online: true, kind: "STAFF", ...large(database) }),
    `${ONLINE} AND u.kind = 'STAFF' AND ${IN_LARGE}`,
  ),
};

export const secondsBefore = (seconds: number) =>
  new Date(Date.parse(LAST_RECORD) - seconds * 1000);

export const auditCases: Cases<AuditFilter> = {
  everything: fits("many", {}, "true"),
  "a target": fits("few", { targetId: "target 7" }, "r.target_id = 'target 7'"),
  "a type of many": fits("many", { targetType: "User" }, "r.target_type = 'User'"),
  "a type of few": fits("few", { targetType: "ApiKey" }, "r.target_type = 'ApiKey'"),
  "a common action": fits("many", { action: "action 1" }, "r.action = 'action 1'"),
  "a rare action": fits("few", { action: "revokeApiKey" }, "r.action = 'revokeApiKey'"),
  "a busy actor": fits("many", { actor: "actor 1" }, "r.actor = 'actor 1'"),
  "a rare actor": fits("few", { actor: "rare" }, "r.actor = 'rare'"),
  "a door that all use": fits("many", { door: "GRAPHQL" }, "r.door = 'GRAPHQL'"),
  "a door that hardly anybody uses": fits("few", { door: "CLI" }, "r.door = 'CLI'"),
  "until an hour before the last": fits("many", { until: secondsBefore(3600) }, "r.id > 3600"),
  "a busy actor, until an hour before the last": fits(
    "many",
    { actor: "actor 1", until: secondsBefore(3600) },
    "r.actor = 'actor 1' AND r.id > 3600",
  ),
  "nothing yet": fits("few", { since: secondsBefore(-3600) }, "false"),
  "a rare actor by a common action": fits(
    "few",
    { actor: "rare", action: "action 7" },
    "r.actor = 'rare' AND r.action = 'action 7'",
  ),
  "a busy actor by a rare action": fits(
    "few",
    { actor: "actor 8", action: "revokeApiKey" },
    "r.actor = 'actor 8' AND r.action = 'revokeApiKey'",
  ),
  "a busy actor by an action that is not theirs": fits(
    "apart",
    { actor: "actor 1", action: "action 2" },
    "r.actor = 'actor 1' AND r.action = 'action 2'",
  ),
};
