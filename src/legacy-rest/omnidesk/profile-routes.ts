import { z } from "zod";
import { badInput } from "../../errors/domain-error.js";
import { legacyRoute } from "../dialect.js";
import { wireBoolean } from "../wire.js";
import { BODY_TYPES } from "./body-types.js";
import * as fields from "./fields.js";
import { done, fromOmnideskGroups, fromOmnideskId, fromOmnideskUser } from "./mappers.js";
import { createdResult, result } from "./schemas.js";

/** The page's example, except for values that its own patterns refuse. */
const example = {
  firstname: "text",
  lastname: "text",
  name: "text",
  email: "name@gmail.com",
  dateFormat: "en_GB",
  groups: [1],
};
const TELEPHONE = "+31201234567";

const createBody = z
  .object({
    firstname: fields.namePart,
    lastname: fields.namePart,
    name: fields.loginName.meta({ description: "The username of this user." }),
    email: fields.email,
    telephone_number: fields.newTelephone.optional(),
    telephone: fields.newTelephone.optional(),
    language: fields.language.default("en"),
    dateFormat: fields.dateFormat.default("en_GB"),
    groups: fields.groups.prefault([]),
    sendActivationMail: wireBoolean.prefault(true),
  })
  .meta({
    examples: [
      { ...example, telephone_number: TELEPHONE, language: "en", sendActivationMail: true },
    ],
  });

const updateBody = z
  .object({
    firstname: fields.namePartOrEmpty.optional(),
    lastname: fields.namePartOrEmpty.optional(),
    name: fields.loginName.optional().meta({ description: "The username of this user." }),
    email: fields.emailOrEmpty.optional(),
    telephone: fields.telephoneOrEmpty.optional(),
    telephone_number: fields.telephoneOrEmpty.optional(),
    language: fields.language.optional(),
    dateFormat: fields.dateFormat.optional(),
    groups: fields.groups.optional(),
  })
  .meta({ examples: [{ ...example, telephone: TELEPHONE, language: "nl" }] });

/** The three endpoints that change one name. */
const nameRoute = <Name extends "username" | "firstname" | "lastname">(
  name: Name,
  field: z.ZodString,
  label: string,
) =>
  legacyRoute({
    method: "PUT",
    path: `/${name}Update`,
    operation: "updateUser",
    summary: `Updates this user's ${label}`,
    request: z.object({
      body: z
        .object({ ...fields.userRef, [name]: field })
        .meta({ examples: [{ id: 1, [name]: "text" }] }),
    }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { body }) => {
      const user = fromOmnideskUser(actor, body);
      const value = (body as Partial<Record<Name, string>>)[name];
      await services.users.update(actor, { user, [name]: value });
      return done(`User's ${label} updated`);
    },
  });

export const profileRoutes = [
  legacyRoute({
    method: "POST",
    path: "",
    operation: "createUser",
    summary: "Creates a new user",
    request: z.object({ body: createBody }),
    bodyTypes: BODY_TYPES,
    response: createdResult,
    handle: async ({ services, actor }, { body }) => {
      const { name, telephone_number: number, telephone = number, groups, ...rest } = body;
      if (telephone === undefined) {
        throw badInput([{ path: "telephone_number", message: "is required" }]);
      }
      const user = await services.users.create(actor, {
        ...rest,
        username: name,
        telephone,
        groupIds: fromOmnideskGroups(groups),
      });
      return done("User created", { userID: user.omnideskId });
    },
  }),
  legacyRoute({
    method: "PUT",
    path: "/:id",
    segments: { id: /^\d+$/ },
    operation: "updateUser",
    summary: "Updates the user's data: absent fields stay unchanged, empty ones are cleared",
    request: z.object({ params: z.object({ id: z.string() }), body: updateBody }),
    bodyTypes: BODY_TYPES,
    response: result,
    handle: async ({ services, actor }, { params, body }) => {
      const { name, telephone_number: number, telephone = number, groups, ...rest } = body;
      await services.users.update(actor, {
        ...rest,
        user: fromOmnideskId(params.id),
        username: name,
        telephone,
        groupIds: groups && fromOmnideskGroups(groups),
      });
      return done("User updated");
    },
  }),
  nameRoute("username", fields.username, "username"),
  nameRoute("firstname", fields.namePart, "first name"),
  nameRoute("lastname", fields.namePart, "last name"),
];
