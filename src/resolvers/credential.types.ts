import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { ActorKind, Permission } from "../domain/vocabulary.js";
import { ApiKey } from "../entities/api-key.entity.js";
import { ActorKindEnum, PermissionEnum } from "../entities/enums.js";
import { LoginSession } from "../entities/login-session.entity.js";
import { User } from "../entities/user.entity.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./user-by.input.js";

@ObjectType({
  simpleResolvers: true,
  description: "Who is behind the credential of this request, and what it may do.",
})
export class Viewer {
  @Field(() => ActorKindEnum, { description: "A program or a person." })
  kind!: ActorKind;

  @Field(() => String, { description: "The username, or the name of the API key." })
  name!: string;

  @Field(() => [PermissionEnum], {
    description: "What this credential may do; ADMIN implies the rest.",
  })
  permissions!: Permission[];

  userId!: number | null;
}

@InputType({ description: "What `login` needs." })
export class LoginInput {
  @Field(() => String, {
    description: "The username or the e-mail address, in any case of letters.",
  })
  user!: string;

  @Field(() => String, { description: "The password." })
  password!: string;
}

@InputType({ description: "What `revokeSession` needs." })
export class RevokeSessionInput {
  @Field(() => ID, { description: "Which session." })
  id!: string;
}

@InputType({ description: "What `createApiKey` needs." })
export class CreateApiKeyInput {
  @Field(() => String, { description: "What the key is for; 1 to 100 characters." })
  name!: string;

  @Field(() => [PermissionEnum], { description: "What it may do; at least one." })
  permissions!: Permission[];

  @Field(() => Date, {
    nullable: true,
    description: "Until when it works. Without it: until revoked.",
  })
  expiresAt?: Date | null;

  @Field(() => UserBy, {
    nullable: true,
    description: "Whose key it is: the user that old clients mean when they name none.",
  })
  owner?: UserBy | null;
}

@InputType({ description: "What `rotateApiKey` needs." })
export class RotateApiKeyInput {
  @Field(() => ID, { description: "Which key." })
  id!: string;

  @Field(() => Int, {
    description:
      "For how long the secret until now still works: 0 to 604800 seconds, which is a week.",
  })
  overlapSeconds!: number;
}

@InputType({ description: "What `revokeApiKey` needs." })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: "Which key." })
  id!: string;
}

export const LoginPayload = payloadType("Login", {
  token: { type: () => String, description: "For `Authorization: Bearer …`; shown here only." },
  user: { type: () => User, description: "Who signed in." },
  expiresAt: { type: () => Date, description: "Until when the token works, unless signed out." },
});
export const LogoutPayload = payloadType("Logout", {
  ok: { type: () => Boolean, description: "Always true: what goes wrong is an error." },
});
export const RevokeSessionPayload = payloadType("RevokeSession", {
  session: { type: () => LoginSession, description: "The session, which is over." },
});
export const CreateApiKeyPayload = payloadType("CreateApiKey", {
  apiKey: { type: () => ApiKey, description: "The new key." },
  secret: { type: () => String, description: "For `Authorization: Bearer …`; shown here only." },
});
export const RotateApiKeyPayload = payloadType("RotateApiKey", {
  apiKey: { type: () => ApiKey, description: "The key, the same as before." },
  secret: { type: () => String, description: "The new one; shown here only." },
  oldSecretUntil: { type: () => Date, description: "When the secret until now stops working." },
});
export const RevokeApiKeyPayload = payloadType("RevokeApiKey", {
  apiKey: { type: () => ApiKey, description: "The key, revoked." },
});
