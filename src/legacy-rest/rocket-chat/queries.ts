import { z } from "zod";
import { statusClasses, type LivechatRole } from "../../domain/vocabulary.js";
import type { LegacyListQuery } from "../../services/users/legacy-list/service.js";
import { classOfWord, type StatusWord, statusWords } from "./mappers.js";
import { optionalJson, type Fields, type Sort } from "./readers.js";

type Order = Pick<LegacyListQuery, "orderBy" | "descending">;

type Orders = ReadonlyMap<string, LegacyListQuery["orderBy"]>;

/** Fields to sort by, as Rocket.Chat's documents are built. */
const livechatOrders: Orders = new Map([
  ["_id", "rocketChatId"],
  ["username", "username"],
  ["name", "name"],
  ["emails.address", "email"],
  ["statusLivechat", "availability"],
  ["createdAt", "createdAt"],
  ["active", "active"],
  ["status", "statusClass"],
]);

/** To `users.list`, `status` is that of the account. */
export const accountOrders: Orders = new Map([...livechatOrders, ["status", "active"]]);

/** The first field that can be sorted by decides; a field that nobody has sorts nothing, as in the original. */
export function fromSort(
  sort: Sort,
  otherwise: LegacyListQuery["orderBy"],
  orders: Orders = livechatOrders,
): Order {
  for (const [field, direction] of Object.entries(sort ?? {})) {
    const orderBy = orders.get(field);
    if (orderBy) return { orderBy, descending: direction === -1 };
  }
  return { orderBy: otherwise };
}

interface LivechatQuery {
  readonly text?: string | undefined;
  readonly onlyAvailable?: boolean | undefined;
  readonly excludeId?: string | undefined;
  readonly showIdleAgents?: boolean | undefined;
  readonly sort?: Sort;
}

export const onDuty = statusClasses.filter((name) => name !== "OFFLINE");

/** Managers can be searched and sorted, and nothing else. */
export function fromLivechatQuery(role: LivechatRole, query: LivechatQuery): LegacyListQuery {
  const { text, onlyAvailable, excludeId, showIdleAgents, sort } = query;
  const all = {
    ...fromSort(sort, "name"),
    ...(text === undefined ? {} : { part: text }),
  };
  if (role === "MANAGER") return { ...all, filter: { livechatRole: role } };
  return {
    ...all,
    filter: { livechatRole: role, statusClass: showIdleAgents === false ? onDuty : null },
    ...(onlyAvailable ? { availability: "AVAILABLE" as const } : {}),
    ...(excludeId === undefined ? {} : { excludeRocketChatId: excludeId }),
  };
}

const word = z.enum(statusWords);
const statusCondition = z.union([
  word.transform((only) => ({ $in: [only] })),
  z.strictObject({ $eq: word }).transform(({ $eq }) => ({ $in: [$eq] })),
  z.strictObject({ $in: z.array(word) }),
  z.strictObject({ $ne: word }).transform(({ $ne }) => ({ $nin: [$ne] })),
  z.strictObject({ $nin: z.array(word) }),
]);

/**
 * The conditions of `query` that Rollcall knows. Any other is refused: to ignore one would answer with
 * users that were not requested.
 */
export const usersQuery = optionalJson(
  "query",
  z.strictObject({
    _id: z.union([z.string(), z.strictObject({ $in: z.array(z.string()) })]).optional(),
    username: z.string().optional(),
    "emails.address": z.string().optional(),
    active: z.boolean().optional(),
    status: statusCondition.optional(),
  }),
).meta({
  description:
    "JSON text: conditions on _id, username, emails.address, active and status, the last one also with $eq, $ne, $in and $nin.",
  examples: ['{"status":{"$ne":"offline"}}'],
});
export type UsersQuery = z.output<typeof usersQuery>;

function classesOf(condition: z.output<typeof statusCondition>) {
  const isMeant = (status: StatusWord): boolean =>
    "$in" in condition ? condition.$in.includes(status) : !condition.$nin.includes(status);
  return statusWords.filter(isMeant).map((status) => classOfWord[status]);
}

export function fromUsersQuery(
  query: UsersQuery,
  email: string | undefined,
): Omit<LegacyListQuery, "orderBy"> {
  const { _id, username, active, status } = query ?? {};
  const address = query?.["emails.address"] ?? email;
  return {
    filter: { active, statusClass: status && classesOf(status) },
    ...(username === undefined ? {} : { username }),
    ...(address === undefined ? {} : { email: address }),
    ...(_id === undefined ? {} : { rocketChatIds: typeof _id === "string" ? [_id] : _id.$in }),
  };
}

/** What `users.list` sends unless it is told otherwise. */
export const usualFields: Fields = {
  name: 1,
  username: 1,
  emails: 1,
  roles: 1,
  status: 1,
  active: 1,
  type: 1,
};

/** MongoDB's projection, of whole properties. `_id` stays unless it is left out by its name. */
export function project(record: object, fields: Fields): object {
  const { _id: withId, ...others } = fields;
  const names = Object.keys(others).map((field) => field.split(".", 1)[0]);
  const isPositive = Object.values(others).includes(1) || (names.length === 0 && withId === 1);
  return Object.fromEntries(
    Object.entries(record).filter(([name]) =>
      name === "_id" ? withId !== 0 : names.includes(name) === isPositive,
    ),
  );
}
