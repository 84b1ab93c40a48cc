import { z } from "zod";
import type { LegacyListQuery } from "../../services/users/legacy-list/service.js";
import { legacyRoute } from "../dialect.js";
import { jsonObjectStream } from "../json-stream.js";
import {
  INVALID_DATE,
  NEITHER_STATUS_NOR_MESSAGE,
  setStatusRefusals,
  userParamRefusals,
} from "./errors.js";
import { recordsFrom } from "./listing.js";
import {
  fromUserParams,
  statusIdOfWord,
  statusWords,
  toConnectionStatus,
  toPresence,
  toStatus,
  toStatusOrigin,
} from "./mappers.js";
import { onDuty } from "./queries.js";
import { bodyTypes, optionalProperty, optionalText, toTime } from "./readers.js";
import { presenceOfOne, presences, statusOfOne, succeeded } from "./schemas.js";

const userQuery = z.object({
  userId: optionalText.meta({
    description: "The user's id. Without any parameter: the user of the credential.",
  }),
  username: optionalText,
  user: optionalText.meta({ description: "The same as username." }),
});

const INVALID_STATUS =
  "Valid status types include online, away, offline, and busy. [error-invalid-status]";

const newStatus = z
  .object(
    {
      status: optionalProperty.pipe(z.enum(statusWords, INVALID_STATUS).optional()).meta({
        examples: ["online"],
      }),
      message: z.string("must be string").nullish().meta({
        description: "Accepted and not stored: Rollcall has no status texts.",
      }),
      expiresAt: optionalProperty
        .transform(toTime(INVALID_DATE))
        .meta({ description: "ISO 8601: when the status ends and the one before it returns." }),
      userId: optionalProperty.meta({
        description: "Without userId and username: the user of the credential.",
      }),
      username: optionalProperty,
      user: optionalProperty,
    },
    "must be object",
  )
  .refine(
    ({ status, message }) => status !== undefined || typeof message === "string",
    NEITHER_STATUS_NOR_MESSAGE,
  )
  .meta({
    examples: [
      { status: "away" },
      { status: "busy", expiresAt: "2026-11-22T12:30:00.000Z", username: "john.doe" },
    ],
  });

const presenceQuery = z.object({
  from: optionalText
    .transform(toTime("must be an ISO 8601 time"))
    .meta({ description: "ISO 8601: only users that have changed since." }),
  ids: z
    .union([z.string(), z.array(z.string())])
    .transform((ids) => [ids].flat().flatMap((list) => list.split(",").filter(Boolean)))
    .optional()
    .meta({ description: "Ids, repeated or separated by commas." }),
});

/** With ids or a time, every matching user; without either, all users that are not offline. */
function fromPresenceQuery({ from, ids = [] }: z.output<typeof presenceQuery>): LegacyListQuery {
  return {
    orderBy: "username",
    ...(from === undefined ? {} : { changedSince: from }),
    ...(ids.length === 0 ? {} : { rocketChatIds: ids }),
    ...(from === undefined && ids.length === 0 ? { filter: { statusClass: onDuty } } : {}),
  };
}

export const presenceRoutes = [
  legacyRoute({
    method: "GET",
    path: "/users.getStatus",
    operation: "user",
    summary: "The status of one user",
    request: z.object({ query: userQuery }),
    response: statusOfOne,
    refusals: userParamRefusals,
    handle: async ({ services, actor }, { query }) => {
      const fullUser = await services.legacyLists.get(actor, "user", fromUserParams(query, actor));
      const isSelf = fullUser.user.id === actor.userId;
      const body = {
        _id: fullUser.user.rocketChatId,
        connectionStatus: isSelf ? toConnectionStatus(fullUser) : undefined,
        status: toStatus(fullUser),
        message: "",
        ...toStatusOrigin(fullUser),
        success: true,
      };
      return { status: 200, body };
    },
  }),
  legacyRoute({
    method: "POST",
    path: "/users.setStatus",
    operation: "setStatus",
    summary: "Sets the status of one user",
    request: z.object({ body: newStatus }),
    bodyTypes,
    response: succeeded,
    refusals: setStatusRefusals,
    handle: async ({ services, actor }, { body }) => {
      const user = fromUserParams(body, actor);
      const { status, expiresAt: until } = body;
      if (status === undefined) await services.legacyLists.get(actor, "setStatus", user);
      else
        await services.presence.setStatus(actor, { user, statusId: statusIdOfWord[status], until });
      return { status: 200, body: { success: true } };
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/users.getPresence",
    operation: "user",
    summary: "The presence of one user",
    request: z.object({ query: userQuery }),
    response: presenceOfOne,
    refusals: userParamRefusals,
    handle: async ({ services, actor }, { query }) => {
      const fullUser = await services.legacyLists.get(actor, "user", fromUserParams(query, actor));
      const isSelf = fullUser.user.id === actor.userId;
      const connectionStatus = isSelf ? toConnectionStatus(fullUser) : undefined;
      const presence = toStatus(fullUser);
      return { status: 200, body: { presence, connectionStatus, success: true } };
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/users.presence",
    operation: "presences",
    summary: "The presence of many users",
    request: z.object({ query: presenceQuery }),
    response: presences,
    handle: ({ services, actor }, { query }) => {
      const listQuery = fromPresenceQuery(query);
      const body = services.legacyLists.inSnapshot(actor, "presences", (snapshot) =>
        jsonObjectStream([
          ["users", recordsFrom(snapshot.streamFull(listQuery), 0, toPresence)],
          ["full", listQuery.filter !== undefined],
          ["success", true],
        ]),
      );
      return Promise.resolve({ status: 200, body });
    },
  }),
];
