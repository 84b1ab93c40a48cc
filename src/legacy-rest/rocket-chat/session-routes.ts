import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { type LegacyContext, legacyRoute } from "../dialect.js";
import { loginRefusals } from "./errors.js";
import { ownRef, toMe } from "./mappers.js";
import { bodyTypes, optionalProperty } from "./readers.js";
import { loggedIn, loggedOut, me } from "./schemas.js";

const password = z.union(
  [
    z.string(),
    z
      .object({ digest: z.string(), algorithm: z.literal("sha-256") })
      .transform(({ digest }) => ({ sha256: digest })),
  ],
  'must be text, or {"digest":"…","algorithm":"sha-256"}',
);

/** The form of DDP clients, which the REST API also accepts. */
const userObject = z
  .object({ username: z.string().optional(), email: z.string().optional() })
  .transform(({ username, email }) => username ?? email);

const required = (property: string) => `must have required property '${property}' [invalid-params]`;

/** Every form of login. There is no second factor, so its code is ignored. */
const credentials = z
  .object(
    {
      user: z.union([z.string(), userObject], "must be a username or an e-mail address").nullish(),
      username: optionalProperty,
      email: optionalProperty,
      password: password.nullish(),
      resume: optionalProperty.meta({ description: "A token from an earlier login." }),
      code: z.unknown().optional(),
    },
    "must be object",
  )
  .meta({
    examples: [
      { user: "john.doe", password: "a password" },
      { resume: "the token of an earlier session" },
    ],
  })
  .transform(({ user, username, email, password, resume }, context) => {
    if (resume !== undefined) return { resume };
    const name = user ?? username ?? email;
    if (name === undefined) context.addIssue(required("user"));
    else if (password === undefined || password === null) context.addIssue(required("password"));
    else return { user: name, password };
    return z.NEVER;
  });

async function login(
  { services, actor: { door, requestId, address } }: LegacyContext,
  body: z.output<typeof credentials>,
): Promise<{ token: string; actor: Actor }> {
  const origin = { door, requestId, address };
  if (body.resume === undefined) return services.login.login(origin, body);
  const actor = await services.authentication.authenticate(body.resume, origin);
  return { token: body.resume, actor };
}

const logout = {
  path: "/logout",
  operation: "logout",
  summary: "Ends the session of this request, and no other",
  request: z.object({}),
  response: loggedOut,
  handle: async ({ services, actor }: LegacyContext) => {
    await services.login.logout(actor);
    const data = { message: "You've been logged out!" };
    return { status: 200, body: { status: "success", data } };
  },
} as const;

export const sessionRoutes = [
  legacyRoute({
    method: "POST",
    path: "/login",
    operation: "login",
    summary: "Logs a user in",
    request: z.object({ body: credentials }),
    bodyTypes,
    response: loggedIn,
    refusals: loginRefusals,
    handle: async (context, { body }) => {
      const { token, actor } = await login(context, body);
      const fullUser = await context.services.legacyLists.get(actor, "user", ownRef(actor));
      const data = { userId: fullUser.user.rocketChatId, authToken: token, me: toMe(fullUser) };
      return { status: 200, body: { status: "success", data, success: true } };
    },
  }),
  legacyRoute({ ...logout, method: "POST" }),
  // The official SDK logs out with GET.
  legacyRoute({ ...logout, method: "GET" }),
  legacyRoute({
    method: "GET",
    path: "/me",
    operation: "user",
    summary: "The user of the credential",
    request: z.object({}),
    response: me,
    handle: async ({ services, actor }) => {
      const fullUser = await services.legacyLists.get(actor, "user", ownRef(actor));
      return { status: 200, body: { ...toMe(fullUser), success: true } };
    },
  }),
];
