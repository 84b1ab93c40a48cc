import { Field, ID, InputType, Int } from "type-graphql";
import type { Permission, UserKind } from "../../domain/vocabulary.js";
import { PermissionEnum, UserKindEnum } from "../../entities/enums.js";
import { User } from "../../entities/user.entity.js";
import { payloadType } from "../shared/payload.js";
import { ExternalIdInput, UserBy } from "./user-by.input.js";

@InputType({ description: "Input of `createUser`." })
export class CreateUserInput {
  @Field(() => String, {
    description: "1 to 64 letters, digits and . _ @ + -; unique, case-insensitive.",
  })
  username!: string;

  @Field(() => String, { nullable: true, description: "1 to 100 characters." })
  firstname?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 100 characters." })
  lastname?: string | null;

  @Field(() => String, { nullable: true, description: "Unique, case-insensitive." })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "In E.164 form, such as +31201234567." })
  telephone?: string | null;

  @Field(() => String, { nullable: true, description: "Such as en or pt-BR. Default: en." })
  language?: string | null;

  @Field(() => String, { nullable: true, description: "Such as en_GB, or iso. Default: en_GB." })
  dateFormat?: string | null;

  @Field(() => UserKindEnum, { nullable: true, description: "Default: STAFF." })
  kind?: UserKind | null;

  @Field(() => [ID], { nullable: true, description: "The groups of the user." })
  groupIds?: string[] | null;

  @Field(() => [PermissionEnum], {
    nullable: true,
    description: "The permissions of the user. A caller can grant only permissions that it has.",
  })
  permissions?: Permission[] | null;

  @Field(() => String, {
    nullable: true,
    description: "10 to 200 characters. Without a password the user cannot log in.",
  })
  password?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether to write an activation mail to the event log, for the system that sends mail.",
  })
  sendActivationMail?: boolean | null;

  @Field(() => [ExternalIdInput], {
    nullable: true,
    description: "Ids in legacy systems, stored as given. Omitted ids are generated.",
  })
  externalIds?: ExternalIdInput[] | null;
}

@InputType({
  description:
    "Input of `updateUser`. Omitted fields stay unchanged; null clears a nullable field.",
})
export class UpdateUserInput {
  @Field(() => UserBy, { description: "The user to change." })
  user!: UserBy;

  @Field(() => Int, {
    nullable: true,
    description: "The version that the change is based on. CONFLICT if another version is current.",
  })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: "As in `createUser`; cannot be null." })
  username?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 100 characters." })
  firstname?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 100 characters." })
  lastname?: string | null;

  @Field(() => String, { nullable: true, description: "A new address is not verified." })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "In E.164 form, such as +31201234567." })
  telephone?: string | null;

  @Field(() => String, { nullable: true, description: "Such as en or pt-BR; cannot be null." })
  language?: string | null;

  @Field(() => String, { nullable: true, description: "Such as en_GB, or iso; cannot be null." })
  dateFormat?: string | null;

  @Field(() => [ID], { nullable: true, description: "All groups of the user from now on." })
  groupIds?: string[] | null;

  @Field(() => [PermissionEnum], {
    nullable: true,
    description:
      "All permissions of the user from now on. A caller can add or remove only permissions that it has.",
  })
  permissions?: Permission[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      "10 to 200 characters; null disables login with a password. Ends all sessions of the user.",
  })
  password?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "False deactivates the user, as `deactivateUser` does; true activates it again.",
  })
  active?: boolean | null;
}

@InputType({ description: "Input of `deactivateUser`." })
export class DeactivateUserInput {
  @Field(() => UserBy, { description: "The user." })
  user!: UserBy;

  @Field(() => Int, {
    nullable: true,
    description:
      "The version that the decision is based on. CONFLICT if another version is current.",
  })
  expectedVersion?: number | null;
}

const user = { type: () => User, description: "The user after the change." };

export const CreateUserPayload = payloadType("CreateUser", { user });
export const UpdateUserPayload = payloadType("UpdateUser", { user });
export const DeactivateUserPayload = payloadType("DeactivateUser", { user });
