import { Field, ID, InputType } from "type-graphql";
import type { ExternalSystem } from "../../domain/vocabulary.js";
import { ExternalSystemEnum } from "../../entities/enums.js";

@InputType({ description: "The id of a user in a legacy system." })
export class ExternalIdInput {
  @Field(() => ExternalSystemEnum, { description: "The legacy system." })
  system!: ExternalSystem;

  @Field(() => String, { description: "The id in that system's format." })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: "jtel's UID; for JTEL only, and only used when a user is created.",
  })
  uid?: string | null;
}

@InputType({ description: "Identifies a user by exactly one of these fields." })
export class UserBy {
  @Field(() => ID, { nullable: true, description: "The global id." })
  id?: string | null;

  @Field(() => String, { nullable: true, description: "The username, case-insensitive." })
  username?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The e-mail address, case-insensitive.",
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The phone number in E.164 form; refused with CONFLICT when several users share it.",
  })
  telephone?: string | null;

  @Field(() => ExternalIdInput, { nullable: true, description: "The id in a legacy system." })
  external?: ExternalIdInput | null;
}
