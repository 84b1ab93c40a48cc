import { z } from "zod";
import type { UserRef } from "../../services/users/user-ref.js";
import { legacyRoute } from "../dialect.js";
import { userInfoRefusals } from "./errors.js";
import { listUsers } from "./listing.js";
import { fromRocketChatId, toUserInfo } from "./mappers.js";
import {
  accountOrders,
  fromSort,
  fromUsersQuery,
  project,
  usersQuery,
  defaultFields,
} from "./queries.js";
import { fields, optionalText, paging, sort } from "./readers.js";
import { userInfo, userList } from "./schemas.js";

const MISSING = ["userId", "username", "importId"]
  .map((name) => `must have required property '${name}'`)
  .join("\n ");

const UNKNOWN_USER = fromRocketChatId("");

const oneUser = z
  .object({
    userId: optionalText.meta({ description: "The user's id." }),
    username: optionalText,
    email: optionalText,
    importId: optionalText.meta({ description: "No user has one." }),
  })
  .transform(({ userId, username, email, importId }, context): UserRef => {
    if (userId !== undefined) return fromRocketChatId(userId);
    if (username !== undefined) return { username };
    if (email !== undefined) return { email };
    if (importId !== undefined) return UNKNOWN_USER;
    context.addIssue(`${MISSING}\n must match a schema in anyOf [invalid-params]`);
    return z.NEVER;
  });

export const userRoutes = [
  legacyRoute({
    method: "GET",
    path: "/users.info",
    operation: "user",
    summary: "One user",
    request: z.object({ query: oneUser }),
    response: userInfo,
    refusals: userInfoRefusals,
    handle: async ({ services, actor }, { query }) => {
      const fullUser = await services.legacyLists.get(actor, "user", query);
      return { status: 200, body: { user: toUserInfo(fullUser), success: true } };
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/users.list",
    operation: "users",
    summary: "Many users",
    request: z.object({
      query: z.object({
        ...paging,
        sort,
        fields,
        query: usersQuery,
        email: optionalText.meta({ description: "Only users with this address." }),
      }),
    }),
    response: userList,
    handle: (context, { query: { sort, fields, query, email, ...page } }) => {
      const listQuery = {
        ...fromUsersQuery(query, email),
        ...fromSort(sort, "username", accountOrders),
      };
      const selectedFields = fields && Object.keys(fields).length > 0 ? fields : defaultFields;
      return listUsers(context, "users", listQuery, page, (fullUser) =>
        project(toUserInfo(fullUser), selectedFields),
      );
    },
  }),
];
