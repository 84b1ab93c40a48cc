import { Field, ID, InputType } from "type-graphql";
import type { ExternalSystem } from "../domain/vocabulary.js";
import { ExternalSystemEnum } from "../entities/enums.js";

@InputType({ description: "The id by which an old system knows a person." })
export class ExternalIdInput {
  @Field(() => ExternalSystemEnum, { description: "Which system." })
  system!: ExternalSystem;

  @Field(() => String, { description: "The id as that system writes it." })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: "jtel's UID; for JTEL only, and only looked at when a user is made.",
  })
  uid?: string | null;
}

@InputType({ description: "Names a person in exactly one way." })
export class UserBy {
  @Field(() => ID, { nullable: true, description: "The global id." })
  id?: string | null;

  @Field(() => String, { nullable: true, description: "The username, in any case of letters." })
  username?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The e-mail address, in any case of letters.",
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The telephone number in E.164 form; refused with CONFLICT when several people share it.",
  })
  telephone?: string | null;

  @Field(() => ExternalIdInput, { nullable: true, description: "The id in an old system." })
  external?: ExternalIdInput | null;
}
