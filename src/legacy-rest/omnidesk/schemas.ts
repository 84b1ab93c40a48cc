import { z } from "zod";

/** The responses. Their envelopes are published; the items are Rollcall's, in Omnidesk's style. */

const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .meta({ description: "In UTC.", examples: ["2026-11-22 06:04:00"] });

const list = <Item extends z.ZodType>(item: Item) =>
  z.object({
    type: z.literal("list"),
    itemStart: z.int(),
    itemTotal: z.int().meta({ description: "The total number of items." }),
    itemLimit: z.int(),
    items: z.array(item),
  });

export const result = z
  .object({ type: z.literal("result"), message: z.string() })
  .meta({ examples: [{ type: "result", message: "Maximum chats updated" }] });

export const createdResult = z
  .object({ ...result.shape, userID: z.int() })
  .meta({ examples: [{ type: "result", message: "User created", userID: 1 }] });

export const reservedResult = z.object({
  ...result.shape,
  reservationID: z.int(),
  expiresAt: time,
  fencingToken: z.int().meta({ description: "Increases with each reservation of a user." }),
});

const shortUser = z.object({
  id: z.int(),
  name: z.string().meta({ description: "The username." }),
  firstname: z.string(),
  lastname: z.string(),
  email: z.string(),
  telephone: z.string(),
  active: z.boolean(),
});

const lock = z.object({
  status_id: z.int(),
  reason: z.string(),
  locked_at: time,
  until: time.nullable().meta({ description: "Null: until the lock is deleted." }),
});

const extendedUser = shortUser.extend({
  type: z.enum(["staff", "customer"]),
  language: z.string(),
  date_format: z.string(),
  groups: z.array(z.int()),
  max_chats: z.int(),
  online: z.boolean(),
  last_seen: time.nullable().meta({ description: "Null: never." }),
  status: z.object({
    id: z.int(),
    name: z.string(),
    since: time,
    until: time.nullable().meta({ description: "Null: until it is changed." }),
  }),
  lock: lock.nullable().meta({ description: "Null while the status is not locked." }),
  created: time,
  updated: time,
});

export const userList = list(z.union([extendedUser, shortUser]));

export const viewList = list(z.object({ id: z.int(), name: z.string() }));

export const settingsItem = z.object({
  type: z.literal("item"),
  item: z.object({
    user_id: z.int(),
    language: z.string(),
    date_format: z.string(),
    max_chats: z.int(),
    chat_sound_new_message: z.boolean(),
    notify_on_ticket_assignment: z.boolean(),
    ticket_incognito_mode: z.boolean(),
    calls_auto_answer: z.boolean(),
    telephone_calls_forwarding: z.boolean(),
    use_web_mail: z.boolean(),
    use_web_email: z.boolean(),
    statistics: z.array(
      z.object({
        statistic: z.string(),
        primary_option: z.string(),
        secondary_option: z.string(),
        watched: z.boolean(),
      }),
    ),
  }),
});

export const omnideskErrorBody = z.object({ status: z.literal("error"), message: z.string() });
