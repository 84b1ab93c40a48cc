import { z } from "zod";

const lastView = z
  .union([z.literal(""), z.strictObject({ m: z.string(), v: z.string(), t: z.string() })])
  .meta({
    description: "The last view of the user: module, view and target; empty when it is unknown.",
  });

const userFields = {
  id: z.string().regex(/^\d+$/),
  name: z.string().meta({ description: "Not escaped for HTML." }),
  email: z.string().meta({ description: "Empty when there is none." }),
  time: z
    .string()
    .regex(/^(\d+h )?\d+m$/)
    .meta({ description: "How long the user has been online, or offline." }),
  status: z
    .int()
    .min(0)
    .max(2)
    .meta({ description: "0 available, 1 busy, 2 away; always 0 for offline users." }),
  link: z.string().meta({ description: "The address of the user's page." }),
};
const type = z.enum(["staff", "customer"]);

const onlineUser = z.strictObject({
  ...userFields,
  color: z.enum(["green", "red"]).meta({ description: "Red while busy." }),
  type,
  lastview: lastView,
  online: z.literal(1),
});

const offlineUser = z.strictObject({
  ...userFields,
  color: z.literal("yellow"),
  type,
  online: z.literal(0),
});

const time = {
  timestamp: z.int().meta({ description: "Seconds since 1970." }),
  elapsed: z
    .string()
    .regex(/^\d+\.\d{3}$/)
    .meta({ description: "The duration in seconds." }),
};

/** The example of the document, shortened. */
const example = {
  timestamp: 1391189699,
  staff: [],
  customers: [],
  count: 1,
  offlinecount: 1,
  users: [
    {
      id: "23243",
      name: "Joshua Post",
      email: "joshua.post@example.com",
      time: "6m",
      status: 0,
      link: "urllinktoticket",
      color: "green",
      type: "staff",
      lastview: { m: "support", v: "getticket", t: "ticketid|105792" },
      online: 1,
    },
  ],
  offlineusers: [
    {
      id: "23111",
      name: "Jesse Wolf",
      email: "jesse.wolf@example.net",
      time: "1h 14m",
      status: 0,
      link: "urllinktoticket",
      color: "yellow",
      type: "customer",
      online: 0,
    },
  ],
  superadmin: 0,
  self: 0,
  elapsed: "0.403",
  message: "",
};

export const usersOnline = z
  .strictObject({
    timestamp: time.timestamp,
    staff: z.array(z.never()),
    customers: z.array(z.never()),
    count: z.int().min(0).meta({ description: "The number of users online." }),
    offlinecount: z.int().min(0).meta({ description: "The number of entries in offlineusers." }),
    users: z.array(onlineUser),
    offlineusers: z
      .array(offlineUser)
      .meta({ description: "The users online recently, newest first." }),
    superadmin: z.literal(0),
    self: z.literal(0),
    elapsed: time.elapsed,
    message: z.literal(""),
  })
  .meta({ examples: [example] });

export const clientexecErrorBody = z
  .strictObject({
    ...time,
    message: z.string(),
    success: z.literal(false),
    failure: z.literal(true),
  })
  .meta({
    examples: [
      {
        timestamp: 1391189699,
        elapsed: "0.003",
        message: "Authentication required",
        success: false,
        failure: true,
      },
    ],
  });
