import { z } from "zod";
import { DEFAULT_CHANNEL, DEFAULT_TTL_SECONDS } from "../../domain/reservation.js";
import { legacyRoute } from "../dialect.js";
import { wireInteger } from "../wire.js";
import { BODY_TYPES } from "./body-types.js";
import { browserTime, userRef, userOrEmail, statusNumber, tabId } from "./fields.js";
import { done, fromOmnideskUser, toOmnideskTime } from "./mappers.js";
import { reservedResult, result } from "./schemas.js";

export const presenceRoutes = [
  legacyRoute({
    method: "POST",
    path: "/refreshTab",
    operation: "refreshTab",
    summary: "Invokes a refresh on this tab",
    request: z.object({
      body: z.object({ tabID: tabId }).meta({ examples: [{ tabID: "text" }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      await services.tabs.refresh(actor, { tabId: body.tabID });
      return done("Tab refreshed");
    },
  }),
  legacyRoute({
    method: "POST",
    path: "/updateStatus",
    operation: "setStatus",
    summary: "Updates this user's status",
    request: z.object({
      body: z
        .object({
          ...userOrEmail,
          statusID: statusNumber,
          lastInternalCallID: wireInteger
            .pipe(z.int().min(0, "must not be negative"))
            .optional()
            .meta({ description: "Stored in the status history." }),
          browserRequestTime: browserTime.meta({
            description: "Milliseconds since 1970 by the browser's clock; 0: no check.",
          }),
        })
        .meta({
          examples: [
            {
              userID: 1,
              userEmailAddress: "name@gmail.com",
              statusID: 1,
              lastInternalCallID: 1,
              browserRequestTime: 0,
            },
          ],
        }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      const { applied } = await services.presence.setStatus(actor, {
        user: fromOmnideskUser(actor, body),
        statusId: body.statusID,
        requestedAt: body.browserRequestTime,
        lastInternalCallId: body.lastInternalCallID,
      });
      return done(
        applied
          ? "Status updated"
          : "Status not updated: a newer request than this one was already applied",
      );
    },
  }),
  legacyRoute({
    method: "POST",
    path: "/statusLock",
    operation: "lockStatus",
    summary: "Sets this user to a specific status and locks it",
    request: z.object({
      body: z
        .object({ ...userRef, status: statusNumber })
        .meta({ examples: [{ userID: 1, status: 1 }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      const user = fromOmnideskUser(actor, body);
      await services.presence.lockStatus(actor, { user, statusId: body.status });
      return done("Status locked");
    },
  }),
  legacyRoute({
    method: "POST",
    path: "/statusLockDelete",
    operation: "unlockStatus",
    summary: "Deletes the status lock on this user",
    request: z.object({ body: z.object(userRef).meta({ examples: [{ userID: 1 }] }) }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      await services.presence.unlockStatus(actor, { user: fromOmnideskUser(actor, body) });
      return done("Status lock deleted");
    },
  }),
  legacyRoute({
    method: "POST",
    path: "/reserveUserForLiveChannel",
    operation: "reserveUserForLiveChannel",
    summary: "Holds this user for one live channel, so that no other caller can route to them",
    request: z.object({
      body: z
        .object({
          ...userOrEmail,
          channel: z.string("must be text").default(DEFAULT_CHANNEL),
          seconds: wireInteger
            .prefault(DEFAULT_TTL_SECONDS)
            .meta({ description: "The time to accept the hold." }),
        })
        .meta({ examples: [{ userID: 1, channel: "livechat", seconds: 30 }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: reservedResult,
    handle: async ({ services, actor }, { body }) => {
      const { id, expiresAt, fencingToken } = await services.reservations.reserve(actor, {
        user: fromOmnideskUser(actor, body),
        channel: body.channel,
        ttlSeconds: body.seconds,
      });
      return done("User reserved", {
        reservationID: Number(id),
        expiresAt: toOmnideskTime(expiresAt),
        fencingToken,
      });
    },
  }),
];
