import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { ActorKind, Permission } from "../domain/vocabulary.js";
import { ApiKey } from "../entities/api-key.entity.js";
import { ActorKindEnum, PermissionEnum } from "../entities/enums.js";
import { LoginSession } from "../entities/login-session.entity.js";
import { User } from "../entities/user.entity.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./users/user-by.input.js";

@ObjectType({
  simpleResolvers: true,
  description: "The holder of the credential of this request, and its permissions.",
})
export class Viewer {
  @Field(() => ActorKindEnum, { description: "An API key or a login session." })
  kind!: ActorKind;

  @Field(() => String, { description: "The username, or the name of the API key." })
  name!: string;

  @Field(() => [PermissionEnum], {
    description: "The permissions of this credential; ADMIN implies all others.",
  })
  permissions!: Permission[];

  userId!: number | null;
}

@InputType({ description: "Input of `login`." })
export class LoginInput {
  @Field(() => String, {
    description: "The username or the e-mail address, case-insensitive.",
  })
  user!: string;

  @Field(() => String, { description: "The password." })
  password!: string;
}

@InputType({ description: "Input of `revokeSession`." })
export class RevokeSessionInput {
  @Field(() => ID, { description: "The session." })
  id!: string;
}

@InputType({ description: "Input of `createApiKey`." })
export class CreateApiKeyInput {
  @Field(() => String, { description: "The purpose of the key; 1 to 100 characters." })
  name!: string;

  @Field(() => [PermissionEnum], { description: "The permissions of the key; at least one." })
  permissions!: Permission[];

  @Field(() => Date, {
    nullable: true,
    description: "When the key expires. Default: never.",
  })
  expiresAt?: Date | null;

  @Field(() => UserBy, {
    nullable: true,
    description: "The owner: the user that legacy clients mean when they name none.",
  })
  owner?: UserBy | null;
}

@InputType({ description: "Input of `rotateApiKey`." })
export class RotateApiKeyInput {
  @Field(() => ID, { description: "The key." })
  id!: string;

  @Field(() => Int, {
    description: "How long the old secret stays valid, 0 to 604800 seconds (a week).",
  })
  overlapSeconds!: number;
}

@InputType({ description: "Input of `revokeApiKey`." })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: "The key." })
  id!: string;
}

export const LoginPayload = payloadType("Login", {
  token: { type: () => String, description: "For `Authorization: Bearer …`; returned only here." },
  user: { type: () => User, description: "The user that logged in." },
  expiresAt: {
    type: () => Date,
    description: "When the token expires, unless the session ends earlier.",
  },
});
export const LogoutPayload = payloadType("Logout", {
  ok: { type: () => Boolean, description: "Always true: a failure is an error." },
});
export const RevokeSessionPayload = payloadType("RevokeSession", {
  session: { type: () => LoginSession, description: "The session, which has ended." },
});
export const CreateApiKeyPayload = payloadType("CreateApiKey", {
  apiKey: { type: () => ApiKey, description: "The new key." },
  secret: { type: () => String, description: "For `Authorization: Bearer …`; returned only here." },
});
export const RotateApiKeyPayload = payloadType("RotateApiKey", {
  apiKey: { type: () => ApiKey, description: "The key, with the same id as before." },
  secret: { type: () => String, description: "The new secret; returned only here." },
  oldSecretUntil: { type: () => Date, description: "When the old secret expires." },
});
export const RevokeApiKeyPayload = payloadType("RevokeApiKey", {
  apiKey: { type: () => ApiKey, description: "The revoked key." },
});
