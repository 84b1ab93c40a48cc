import { z } from "zod";
import type { LivechatRole } from "../../domain/vocabulary.js";
import { legacyRoute } from "../dialect.js";
import { addingRefusals, agentStatusRefusals, INVALID_TYPE, removingRefusals } from "./errors.js";
import { listUsers } from "./listing.js";
import {
  availabilityOf,
  fromRocketChatId,
  livechatStatuses,
  ownRef,
  toListedLivechatUser,
  toLivechatStatus,
  toLivechatUser,
} from "./mappers.js";
import { fromLivechatQuery } from "./queries.js";
import {
  bodyTypes,
  optionalFlag,
  optionalProperty,
  optionalText,
  paging,
  sort,
} from "./readers.js";
import {
  addedLivechatUser,
  agentStatus,
  livechatUserList,
  oneLivechatUser,
  succeeded,
} from "./schemas.js";

const roles: Readonly<Record<"agent" | "manager", LivechatRole>> = {
  agent: "AGENT",
  manager: "MANAGER",
};

const ofType = z.object({
  type: z.enum(["agent", "manager"], INVALID_TYPE).transform((type) => roles[type]),
});
const oneOfType = ofType.extend({
  _id: z.string().meta({ description: "The user's id.", examples: ["SQafHvoFPuB57NmBD"] }),
});

const listQuery = z.object({
  ...paging,
  sort,
  text: optionalText.meta({
    description: "A part of the username, the name or the e-mail address.",
  }),
  onlyAvailable: optionalFlag.meta({
    description: "Agents only: true omits agents that are not-available.",
  }),
  excludeId: optionalText.meta({ description: "Agents only: an id to omit." }),
  showIdleAgents: optionalFlag.meta({ description: "Agents only: false omits offline agents." }),
});

const newUser = z
  .strictObject(
    {
      username: z.string({
        error: ({ input }) =>
          input === undefined
            ? "must have required property 'username' [invalid-params]"
            : "must be string",
      }),
    },
    {
      error: ({ code }) =>
        code === "unrecognized_keys"
          ? "must NOT have additional properties [invalid-params]"
          : "must be object",
    },
  )
  .meta({ examples: [{ username: "john.doe" }] });

const newStatus = z
  .object(
    {
      status: z
        .enum(livechatStatuses, `must be ${livechatStatuses.join(" or ")}`)
        .nullish()
        .meta({ description: "Default: the opposite of the current status." }),
      agentId: optionalProperty.meta({ description: "Default: the user of the credential." }),
    },
    "must be object",
  )
  .meta({ examples: [{ status: "not-available", agentId: "aobEdbYhXfu5hkeqG" }] });

export const livechatRoutes = [
  legacyRoute({
    method: "GET",
    path: "/livechat/users/:type",
    operation: "agents",
    summary: "All agents, or all managers",
    request: z.object({ params: ofType, query: listQuery }),
    response: livechatUserList,
    handle: (context, { params: { type }, query }) =>
      listUsers(context, "agents", fromLivechatQuery(type, query), query, toListedLivechatUser),
  }),
  legacyRoute({
    method: "POST",
    path: "/livechat/users/:type",
    operation: "registerAgent",
    summary: "Makes a user an agent or a manager",
    request: z.object({ params: ofType, body: newUser }),
    bodyTypes,
    response: addedLivechatUser,
    refusals: addingRefusals,
    handle: async ({ services, actor }, { params: { type: role }, body: { username } }) => {
      const user = await services.agents.register(actor, { user: { username }, role });
      const added = { _id: user.rocketChatId, username: user.username };
      return { status: 200, body: { user: added, success: true } };
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/livechat/users/:type/:_id",
    operation: "agent",
    summary: "One agent or manager",
    request: z.object({ params: oneOfType }),
    response: oneLivechatUser,
    handle: async ({ services, actor }, { params: { type, _id } }) => {
      const fullUser = await services.legacyLists.get(actor, "agent", fromRocketChatId(_id));
      const hasRole = type === "AGENT" ? fullUser.agent !== null : fullUser.isManager;
      return {
        status: 200,
        body: { user: hasRole ? toLivechatUser(fullUser) : null, success: true },
      };
    },
  }),
  legacyRoute({
    method: "DELETE",
    path: "/livechat/users/:type/:_id",
    operation: "removeAgent",
    summary: "Removes the role of an agent or a manager; the user stays",
    request: z.object({ params: oneOfType }),
    response: succeeded,
    refusals: removingRefusals,
    handle: async ({ services, actor }, { params: { type: role, _id } }) => {
      await services.agents.remove(actor, { user: fromRocketChatId(_id), role });
      return { status: 200, body: { success: true } };
    },
  }),
  legacyRoute({
    method: "POST",
    path: "/livechat/agent.status",
    operation: "setAgentAvailability",
    summary: "Includes an agent in live channels or excludes them",
    request: z.object({
      body: newStatus,
    }),
    bodyTypes,
    response: agentStatus,
    refusals: agentStatusRefusals,
    handle: async ({ services, actor }, { body: { status, agentId } }) => {
      const agent = await services.agents.setAvailability(actor, {
        user: agentId === undefined ? ownRef(actor) : fromRocketChatId(agentId),
        availability: status && availabilityOf[status],
      });
      return { status: 200, body: { status: toLivechatStatus(agent.availability), success: true } };
    },
  }),
];
