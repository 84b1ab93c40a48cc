import { z } from "zod";
import { legacyRoute } from "../dialect.js";
import { wireBoolean } from "../wire.js";
import { paging, userRef, userQuery, viewQuery } from "./fields.js";
import {
  fromOmnideskUser,
  fromOmnideskQuery,
  omnideskColumns,
  toOmnideskSettings,
  toOmnideskShortUser,
  toOmnideskUser,
} from "./mappers.js";
import { settingsItem, userList, viewList } from "./schemas.js";

const MAX_USERS = 999;
const MAX_VIEWS = 9999;

interface Paging {
  readonly itemStart: number;
  readonly itemLimit: number;
}

const toList = ({ itemStart, itemLimit }: Paging, itemTotal: number, items: readonly object[]) => ({
  status: 200,
  body: { type: "list", itemStart, itemTotal, itemLimit, items },
});

export const listRoutes = [
  legacyRoute({
    method: "GET",
    path: "",
    operation: "users",
    summary: "Returns all the users, by username",
    request: z.object({
      query: z.object({
        query: userQuery.meta({
          description: "This accepts a username, phone number or email address.",
        }),
        ...paging(MAX_USERS),
        activeOnly: wireBoolean.prefault(false),
        extended: wireBoolean.prefault(true).meta({ description: "False returns short records." }),
      }),
    }),
    response: userList,
    handle: async ({ services, actor }, { query: wire }) => {
      const { users, total } = await services.legacyLists.slice(
        actor,
        "users",
        {
          filter: {
            search: fromOmnideskQuery(wire.query),
            active: wire.activeOnly ? true : null,
          },
          orderBy: "username",
        },
        { offset: wire.itemStart, limit: wire.itemLimit },
        omnideskColumns,
      );
      if (!wire.extended) return toList(wire, total, users.map(toOmnideskShortUser));
      return toList(wire, total, users.map(toOmnideskUser));
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/settings",
    operation: "user",
    summary: "Returns all the settings for this user",
    request: z.object({ query: z.object(userRef) }),
    response: settingsItem,
    handle: async ({ services, actor }, { query }) => {
      const ref = fromOmnideskUser(actor, query);
      const [found, statistics] = await Promise.all([
        services.legacyLists.get(actor, "user", ref),
        services.statistics.list(actor, ref),
      ]);
      const body = { type: "item", item: toOmnideskSettings(found, statistics) };
      return { status: 200, body };
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/getUserViews",
    // The page does not list it among the reads: it requires the permission for changing the selection.
    operation: "updateUserView",
    summary: "Returns the selected views of this user",
    request: z.object({
      query: z.object({ ...userRef, query: viewQuery, ...paging(MAX_VIEWS) }),
    }),
    response: viewList,
    handle: async ({ services, actor }, { query: wire }) => {
      const { views, total } = await services.userViews.selected(actor, "updateUserView", {
        user: fromOmnideskUser(actor, wire),
        search: wire.query,
        offset: wire.itemStart,
        limit: wire.itemLimit,
      });
      return toList(
        wire,
        total,
        views.map(({ id, name }) => ({ id, name })),
      );
    },
  }),
];
