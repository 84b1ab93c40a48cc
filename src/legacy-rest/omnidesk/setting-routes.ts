import { z } from "zod";
import { toGlobalId } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import { legacyRoute } from "../dialect.js";
import { wireBoolean, wireInteger } from "../wire.js";
import { BODY_TYPES } from "./body-types.js";
import { campaign, userRef, statistic, viewNumber } from "./fields.js";
import { done, fromOmnideskUser, fromOmnideskStatistic } from "./mappers.js";
import { result } from "./schemas.js";

type Switch =
  "chatSoundNewMessage" | "notifyOnTicketAssignment" | "ticketIncognitoMode" | "callsAutoAnswer";

/** The four endpoints that turn one setting on or off. */
const switchRoute = (setting: Switch, operation: Operation, summary: string, message: string) =>
  legacyRoute({
    method: "PUT",
    path: `/${setting}`,
    operation,
    summary,
    request: z.object({
      body: z
        .object({ ...userRef, state: wireBoolean })
        .meta({ examples: [{ userID: "UID", state: 1 }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      const user = fromOmnideskUser(actor, body);
      await services.settings.update(actor, { user, [setting]: body.state });
      return done(message);
    },
  });

const statisticExample = {
  userID: "UID",
  statistic: "text",
  statisticPrimaryOption: "",
  statisticSecondaryOption: "",
};

export const settingRoutes = [
  legacyRoute({
    method: "PUT",
    path: "/updateUserView",
    operation: "updateUserView",
    summary: "Updates the selected views for this user",
    request: z.object({
      body: z
        .object({ ...userRef, viewID: viewNumber, newValue: wireBoolean })
        .meta({ examples: [{ userID: "UID", viewID: 1, newValue: 1 }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      await services.userViews.update(actor, {
        user: fromOmnideskUser(actor, body),
        viewId: toGlobalId("View", body.viewID),
        selected: body.newValue,
      });
      return done("View updated");
    },
  }),
  legacyRoute({
    method: "PUT",
    path: "/maxChats",
    operation: "updateUserSettings",
    summary: "Updates the maximum chats for this user",
    request: z.object({
      body: z
        .object({ ...userRef, maxChats: wireInteger })
        .meta({ examples: [{ userID: "UID", maxChats: 1 }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      const user = fromOmnideskUser(actor, body);
      await services.settings.update(actor, { user, maxChats: body.maxChats });
      return done("Maximum chats updated");
    },
  }),
  switchRoute(
    "chatSoundNewMessage",
    "updateUserSettings",
    "Updates the chat sound on or off for this user",
    "Chat sound updated",
  ),
  switchRoute(
    "notifyOnTicketAssignment",
    "updateUserSettings",
    "Sets the setting to notify the user on ticket assignment on or off for this user",
    "Ticket assignment notification updated",
  ),
  switchRoute(
    "ticketIncognitoMode",
    "updateUserSettings.ticketIncognitoMode",
    "Updates this user's incognito mode on tickets",
    "Incognito mode updated",
  ),
  switchRoute(
    "callsAutoAnswer",
    "updateUserSettings",
    "Updates this user's setting on automatically answering calls",
    "Automatic answering of calls updated",
  ),
  legacyRoute({
    method: "POST",
    path: "/userStatistic",
    operation: "addUserStatistic",
    summary: "Adds user statistic KPI",
    request: z.object({
      body: z.object(statistic).meta({
        examples: [
          { userID: "UID", statistic: "text", statisticOption: "", statisticSecondaryOption: "" },
        ],
      }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      const user = fromOmnideskUser(actor, body);
      await services.statistics.add(actor, { user, ...fromOmnideskStatistic(body) });
      return done("Statistic added");
    },
  }),
  legacyRoute({
    method: "DELETE",
    path: "/userStatistic",
    operation: "removeUserStatistic",
    summary: "Deletes user statistic settings",
    request: z.object({ body: z.object(statistic).meta({ examples: [statisticExample] }) }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      const user = fromOmnideskUser(actor, body);
      await services.statistics.remove(actor, { user, ...fromOmnideskStatistic(body) });
      return done("Statistic deleted");
    },
  }),
  legacyRoute({
    method: "PUT",
    path: "/watch",
    operation: "watchUserStatistic",
    summary: "Updates this user's statistics watch setting",
    request: z.object({
      body: z
        .object({
          ...statistic,
          watchToggle: z.enum(["watch", "unwatch"], "must be watch or unwatch"),
        })
        .meta({ examples: [{ ...statisticExample, watchToggle: "watch" }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      await services.statistics.watch(actor, {
        user: fromOmnideskUser(actor, body),
        ...fromOmnideskStatistic(body),
        watched: body.watchToggle === "watch",
      });
      return done("Statistic watch updated");
    },
  }),
  legacyRoute({
    method: "POST",
    path: "/userCampaignState",
    operation: "setCampaignState",
    summary: "Sets this user's active or inactive campaigns",
    request: z.object({
      body: z
        .object({
          ...userRef,
          campaign: campaign.meta({
            description: "Name of the campaign you want to set the user's status to.",
          }),
          state: wireBoolean,
        })
        .meta({ examples: [{ userID: "UID", campaign: "text", state: 1 }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      const user = fromOmnideskUser(actor, body);
      const { campaign: name, state: active } = body;
      await services.campaignMemberships.setState(actor, { user, campaign: name, active });
      return done("Campaign state updated");
    },
  }),
];
