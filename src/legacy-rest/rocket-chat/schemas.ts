import { z } from "zod";
import { livechatStatuses, statusWords } from "./mappers.js";

/** The responses. `examples` are those of Rocket.Chat's pages; properties that these omit are added. */

export const rocketChatErrorBody = z
  .object({
    success: z.literal(false),
    error: z
      .string()
      .meta({ description: "Ends with the error's code in brackets, if it has one." }),
    errorType: z.string().optional().meta({ description: "The error's code." }),
    details: z.record(z.string(), z.unknown()).optional(),
    status: z.literal("error").optional(),
    message: z.string().optional(),
  })
  .meta({
    examples: [
      {
        success: false,
        error: "Valid status types include online, away, offline, and busy. [error-invalid-status]",
        errorType: "error-invalid-status",
        details: { method: "users.setStatus" },
      },
      { success: false, error: "User not found" },
    ],
  });

const success = z.literal(true);
const id = z.string().meta({
  description: "17 letters and digits.",
  examples: ["aobEdbYhXfu5hkeqG"],
});
const status = z.enum(statusWords);
const emails = z.array(z.object({ address: z.string(), verified: z.boolean() }));
const utcOffset = z.literal(0).meta({ description: "Rollcall stores no time zones." });
const statusText = z.literal("").meta({ description: "Rollcall stores no status texts." });
const connectionStatus = z.enum(["online", "offline"]);

const statusOrigin = {
  statusSource: z.enum(["internal", "manual", "external"]).optional().meta({
    description: "The claim that decides the status. Absent when it follows from being connected.",
  }),
  statusExpiresAt: z.iso.datetime().optional().meta({
    description: "When the status expires. Absent when it does not.",
  }),
};

const livechatUser = z.object({
  _id: id,
  username: z.string(),
  name: z.string(),
  status,
  statusLivechat: z.enum(livechatStatuses).optional().meta({ description: "For agents only." }),
  emails,
  livechat: z.object({ maxNumberSimultaneousChat: z.string() }).nullable(),
});

const page = { count: z.int(), offset: z.int(), total: z.int(), success };

/** The users of the examples below. */
const john = {
  _id: "aobEdbYhXfu5hkeqG",
  name: "John Doe",
  username: "john.doe",
  emails: [{ address: "john.doe@example.com", verified: true }],
  status: "online",
} as const;
const doe = {
  _id: "SQafHvoFPuB57NmBD",
  name: "Doe John",
  username: "doe.john",
  emails: [],
  status: "offline",
} as const;
const exampleAgent = {
  ...john,
  statusLivechat: "available",
  livechat: { maxNumberSimultaneousChat: "5" },
} as const;
const examplePresence = {
  _id: john._id,
  name: john.name,
  username: john.username,
  status: john.status,
  utcOffset: 0,
  statusText: "",
};

export const livechatUserList = z
  .object({
    users: z.array(
      livechatUser.extend({
        departments: z.array(z.string()).meta({ description: "The ids of the groups." }),
      }),
    ),
    ...page,
  })
  .meta({
    examples: [
      {
        users: [
          { ...exampleAgent, departments: ["1", "2"] },
          { ...exampleAgent, ...doe, departments: [] },
        ],
        count: 2,
        offset: 0,
        total: 2,
        success: true,
      },
    ],
  });

export const addedLivechatUser = z
  .object({ user: z.object({ _id: id, username: z.string() }), success })
  .meta({
    examples: [{ user: { _id: "SQafHvoFPuB57NmBD", username: "john.doe" }, success: true }],
  });

export const oneLivechatUser = z
  .object({
    user: livechatUser
      .nullable()
      .meta({ description: "Null when the user does not have the role." }),
    success,
  })
  .meta({
    examples: [{ user: exampleAgent, success: true }],
  });

export const succeeded = z.object({ success }).meta({ examples: [{ success: true }] });

export const agentStatus = z
  .object({ status: z.enum(livechatStatuses), success })
  .meta({ examples: [{ status: "not-available", success: true }] });

const meProperties = {
  _id: id,
  name: z.string(),
  emails,
  status,
  statusConnection: connectionStatus,
  username: z.string(),
  utcOffset,
  active: z.boolean(),
  roles: z.array(z.string()),
  language: z.string(),
  email: z.string().optional().meta({ description: "The e-mail address, once it is verified." }),
  settings: z.object({ preferences: z.object({}) }),
  avatarUrl: z.literal("").meta({ description: "Rollcall stores no pictures." }),
};

const exampleMe = {
  ...john,
  statusConnection: "online",
  utcOffset: 0,
  active: true,
  roles: ["user", "livechat-agent"],
  language: "en",
  email: "john.doe@example.com",
  settings: { preferences: {} },
  avatarUrl: "",
} as const;

export const me = z
  .object({ ...meProperties, success })
  .meta({ examples: [{ ...exampleMe, success: true }] });

export const loggedIn = z
  .object({
    status: z.literal("success"),
    data: z.object({ userId: id, authToken: z.string(), me: z.object(meProperties) }),
    success,
  })
  .meta({
    examples: [
      {
        status: "success",
        data: { userId: john._id, authToken: "the token of the new session", me: exampleMe },
        success: true,
      },
    ],
  });

export const loggedOut = z
  .object({ status: z.literal("success"), data: z.object({ message: z.string() }) })
  .meta({ examples: [{ status: "success", data: { message: "You've been logged out!" } }] });

export const statusOfOne = z
  .object({
    _id: id,
    connectionStatus: connectionStatus
      .optional()
      .meta({ description: "Only for the user of the credential." }),
    status,
    message: statusText,
    ...statusOrigin,
    success,
  })
  .meta({
    examples: [
      {
        _id: john._id,
        connectionStatus: "online",
        status: "away",
        message: "",
        statusSource: "manual",
        statusExpiresAt: "2026-11-22T12:30:00.000Z",
        success: true,
      },
    ],
  });

export const presenceOfOne = z
  .object({
    presence: status,
    connectionStatus: connectionStatus
      .optional()
      .meta({ description: "Only for the user of the credential." }),
    success,
  })
  .meta({ examples: [{ presence: "offline", success: true }] });

export const presences = z
  .object({
    users: z.array(
      z.object({
        _id: id,
        name: z.string(),
        username: z.string(),
        status,
        utcOffset,
        statusText,
        ...statusOrigin,
      }),
    ),
    full: z.boolean().meta({ description: "Whether these are all users that are not offline." }),
    success,
  })
  .meta({ examples: [{ users: [examplePresence], full: true, success: true }] });

const user = z.object({
  _id: id,
  createdAt: z.iso.datetime(),
  username: z.string(),
  emails,
  type: z.literal("user"),
  status,
  active: z.boolean(),
  roles: z.array(z.string()),
  name: z.string(),
  statusConnection: connectionStatus,
  utcOffset,
  statusText,
  ...statusOrigin,
});

const exampleUser = {
  ...john,
  createdAt: "2026-11-22T06:04:00.000Z",
  type: "user",
  active: true,
  roles: ["user", "livechat-agent"],
  statusConnection: "online",
  utcOffset: 0,
  statusText: "",
} as const;

export const userInfo = z
  .object({ user, success })
  .meta({ examples: [{ user: exampleUser, success: true }] });

export const userList = z
  .object({ users: z.array(user.partial()), ...page })
  .meta({ examples: [{ users: [exampleUser], count: 1, offset: 0, total: 1, success: true }] });
