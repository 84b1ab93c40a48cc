import { Field, ID, InputType, Int } from "type-graphql";
import type { Permission, UserKind } from "../domain/vocabulary.js";
import { PermissionEnum, UserKindEnum } from "../entities/enums.js";
import { User } from "../entities/user.entity.js";
import { payloadType } from "./shared/payload.js";
import { ExternalIdInput, UserBy } from "./user-by.input.js";

@InputType({ description: "What `createUser` needs." })
export class CreateUserInput {
  @Field(() => String, {
    description: "1 to 64 letters, digits and . _ @ + -; unique, whatever the case of its letters.",
  })
  username!: string;

  @Field(() => String, { nullable: true, description: "1 to 100 characters." })
  firstname?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 100 characters." })
  lastname?: string | null;

  @Field(() => String, { nullable: true, description: "Unique, whatever the case of its letters." })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "In E.164 form, such as +31201234567." })
  telephone?: string | null;

  @Field(() => String, { nullable: true, description: "Such as en or pt-BR. Without it: en." })
  language?: string | null;

  @Field(() => String, { nullable: true, description: "Such as en_GB, or iso. Without it: en_GB." })
  dateFormat?: string | null;

  @Field(() => UserKindEnum, { nullable: true, description: "Without it: STAFF." })
  kind?: UserKind | null;

  @Field(() => [ID], { nullable: true, description: "The groups to belong to." })
  groupIds?: string[] | null;

  @Field(() => [PermissionEnum], {
    nullable: true,
    description: "What the person may do. Nobody can grant what they do not hold.",
  })
  permissions?: Permission[] | null;

  @Field(() => String, {
    nullable: true,
    description: "10 to 200 characters. Without it nobody can sign in as this person.",
  })
  password?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether to put an activation mail into the event log, for the system that sends mail.",
  })
  sendActivationMail?: boolean | null;

  @Field(() => [ExternalIdInput], {
    nullable: true,
    description: "Ids in the old systems, kept as given. Those left out are made.",
  })
  externalIds?: ExternalIdInput[] | null;
}

@InputType({
  description: "What `updateUser` needs. What is left out stays; null empties what can be empty.",
})
export class UpdateUserInput {
  @Field(() => UserBy, { description: "Whom to change." })
  user!: UserBy;

  @Field(() => Int, {
    nullable: true,
    description: "The version that the change is based on. If another is current: CONFLICT.",
  })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: "As in `createUser`; cannot be emptied." })
  username?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 100 characters." })
  firstname?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 100 characters." })
  lastname?: string | null;

  @Field(() => String, { nullable: true, description: "A new address is not verified." })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "In E.164 form, such as +31201234567." })
  telephone?: string | null;

  @Field(() => String, { nullable: true, description: "Such as en or pt-BR; cannot be emptied." })
  language?: string | null;

  @Field(() => String, { nullable: true, description: "Such as en_GB, or iso; cannot be emptied." })
  dateFormat?: string | null;

  @Field(() => [ID], { nullable: true, description: "All the groups to belong to from now on." })
  groupIds?: string[] | null;

  @Field(() => [PermissionEnum], {
    nullable: true,
    description: "All the permissions from now on. Nobody can change beyond what they hold.",
  })
  permissions?: Permission[] | null;

  @Field(() => String, {
    nullable: true,
    description: "10 to 200 characters; null: nobody can sign in. Ends the person's sessions.",
  })
  password?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "False deactivates, as `deactivateUser` does; true takes it back.",
  })
  active?: boolean | null;
}

@InputType({ description: "What `deactivateUser` needs." })
export class DeactivateUserInput {
  @Field(() => UserBy, { description: "Whom." })
  user!: UserBy;

  @Field(() => Int, {
    nullable: true,
    description: "The version that the decision is based on. If another is current: CONFLICT.",
  })
  expectedVersion?: number | null;
}

const user = { type: () => User, description: "The person after the change." };

export const CreateUserPayload = payloadType("CreateUser", { user });
export const UpdateUserPayload = payloadType("UpdateUser", { user });
export const DeactivateUserPayload = payloadType("DeactivateUser", { user });
