import { z } from "zod";
import { statusClasses, type LivechatRole } from "../../domain/vocabulary.js";
import type { LegacyListQuery } from "../../services/users/legacy-list/service.js";
import { classOfWord, type StatusWord, statusWords } from "./mappers.js";
import { optionalJson, type Fields, type Sort } from "./readers.js";

type Order = Pick<LegacyListQuery, "orderBy" | "descending">;

type Orders = ReadonlyMap<string, LegacyListQuery["orderBy"]>;

/** The fields to sort by, named as in Rocket.Chat's documents. */
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

/** In `users.list`, `status` is that of the account. */
export const accountOrders: Orders = new Map([...livechatOrders, ["status", "active"]]);

/** The first sortable field decides; an unknown field is ignored, as in the original. */
export function fromSort(
  sort: Sort,
  defaultOrder: LegacyListQuery["orderBy"],
  orders: Orders = livechatOrders,
): Order {
  for (const [field, direction] of Object.entries(sort ?? {})) {
    const orderBy = orders.get(field);
    if (orderBy) return { orderBy, descending: direction === -1 };
  }
  return { orderBy: defaultOrder };
}

interface LivechatQuery {
  readonly text?: string | undefined;
  readonly onlyAvailable?: boolean | undefined;
  readonly excludeId?: string | undefined;
  readonly showIdleAgents?: boolean | undefined;
  readonly sort?: Sort;
}

export const onDuty = statusClasses.filter((name) => name !== "OFFLINE");

/** Managers can only be searched and sorted. */
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
 * The conditions of `query` that Rollcall supports. Any other is refused: ignoring one would return users
 * that were not requested.
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
  const isIncluded = (status: StatusWord): boolean =>
    "$in" in condition ? condition.$in.includes(status) : !condition.$nin.includes(status);
  return statusWords.filter(isIncluded).map((status) => classOfWord[status]);
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

/** The default fields of `users.list`. */
export const defaultFields: Fields = {
  name: 1,
  username: 1,
  emails: 1,
  roles: 1,
  status: 1,
  active: 1,
  type: 1,
};

/** MongoDB's projection, of whole properties. `_id` is included unless it is excluded by name. */
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
