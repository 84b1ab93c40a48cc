import type { Dialect } from "../dialect.js";
import { rocketChatErrors, rocketChatFailure } from "./errors.js";
import { livechatRoutes } from "./livechat-routes.js";
import { presenceRoutes } from "./presence-routes.js";
import { rocketChatErrorBody } from "./schemas.js";
import { sessionRoutes } from "./session-routes.js";
import { userRoutes } from "./user-routes.js";

/** Rocket.Chat's REST API: livechat users, and what its clients need besides. */
export const rocketChat: Dialect = {
  name: "ROCKET_CHAT",
  title: "Rocket.Chat",
  basePath: ({ rocketChat: { basePath } }) => basePath,
  // Exactly this value: Rocket.Chat's clients compare it, so no charset may follow.
  contentType: "application/json",
  headers: { "cache-control": "no-store", pragma: "no-cache" },
  routes: [...livechatRoutes, ...sessionRoutes, ...presenceRoutes, ...userRoutes],
  credential: ({ headers }) => {
    const [secret, rocketChatUserId] = [headers["x-auth-token"], headers["x-user-id"]].flat();
    // One of the two headers alone is no credential.
    return secret && rocketChatUserId ? { secret, rocketChatUserId } : undefined;
  },
  errors: rocketChatErrors,
  internalError: rocketChatFailure(500, "Internal server error"),
  unknownPath: rocketChatFailure(404, "Resource not found"),
  wrongMethod: (allowed) => ({
    status: 405,
    body: { status: "error", message: "API endpoint does not exist" },
    headers: { allow: allowed.join(", ") },
  }),
  rateLimit: {
    callsPerMinute: ({ rocketChat: { callsPerMinute } }) => callsPerMinute,
    headers: ({ limit, remaining, resetsAt }) => ({
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String(resetsAt),
    }),
  },
  openApi: {
    description: "Rocket.Chat's REST API: livechat users, login and logout, and presence.",
    errorBody: rocketChatErrorBody,
    securitySchemes: {
      rocketChatToken: { type: "apiKey", in: "header", name: "X-Auth-Token" },
      rocketChatUser: { type: "apiKey", in: "header", name: "X-User-Id" },
    },
    needsAllSchemes: true,
  },
};
