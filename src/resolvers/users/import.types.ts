import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type {
  ImportMatch,
  ImportMode,
  ImportOutcome,
  LivechatRole,
  UserKind,
} from "../../domain/vocabulary.js";
import {
  ImportMatchEnum,
  ImportModeEnum,
  ImportOutcomeEnum,
  LivechatRoleEnum,
  UserKindEnum,
} from "../../entities/enums.js";
import type { ImportResult as Result } from "../../services/users/import/import.service.js";
import { payloadType } from "../shared/payload.js";
import { ExternalIdInput } from "./user-by.input.js";

const asIn = (mutation: string) => ({ nullable: true, description: `As in \`${mutation}\`.` });

@InputType({ description: "A user of a legacy system; fields that it does not have are omitted." })
export class ImportedUserInput {
  @Field(() => [ExternalIdInput], {
    nullable: true,
    description: "The ids in legacy systems, stored as given.",
  })
  externalIds?: ExternalIdInput[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The login name, to match an existing user or for a new one. It never changes an existing username.",
  })
  username?: string | null;

  @Field(() => String, asIn("createUser"))
  firstname?: string | null;

  @Field(() => String, asIn("createUser"))
  lastname?: string | null;

  @Field(() => String, asIn("createUser"))
  email?: string | null;

  @Field(() => String, asIn("createUser"))
  telephone?: string | null;

  @Field(() => String, asIn("createUser"))
  language?: string | null;

  @Field(() => String, asIn("createUser"))
  dateFormat?: string | null;

  @Field(() => UserKindEnum, { nullable: true, description: "For a new user. Default: STAFF." })
  kind?: UserKind | null;

  @Field(() => Boolean, { nullable: true, description: "For a new user. Default: true." })
  active?: boolean | null;

  @Field(() => [LivechatRoleEnum], {
    nullable: true,
    description: "Roles in live channels to add; none is removed.",
  })
  roles?: LivechatRole[] | null;
}

@InputType({ description: "Input of `importUsers`." })
export class ImportUsersInput {
  @Field(() => [ImportedUserInput], { description: "1 to 100 rows." })
  rows!: ImportedUserInput[];

  @Field(() => ImportModeEnum, { nullable: true, description: "Default: FILL." })
  mode?: ImportMode | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "True: returns the outcomes without changing anything.",
  })
  dryRun?: boolean | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "A reason why a row of an import was not applied.",
})
export class ImportFault {
  @Field(() => String, { description: "The field in the row, as a dotted path." })
  path!: string;

  @Field(() => String, { description: "The problem with its value." })
  message!: string;
}

@ObjectType({ simpleResolvers: true, description: "The outcome of a row of an import." })
export class ImportResult implements Result {
  @Field(() => Int, { description: "The index of the row in the input, from 0." })
  row!: number;

  @Field(() => ImportOutcomeEnum, { description: "The outcome." })
  outcome!: ImportOutcome;

  @Field(() => ID, {
    nullable: true,
    description:
      "The id of the user; null when the row was not applied, and for a user that a dry run would create.",
  })
  userId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The username; null when the row was not applied.",
  })
  username!: string | null;

  @Field(() => ImportMatchEnum, {
    nullable: true,
    description: "The field by which the user was matched; null without a match.",
  })
  matchedBy!: ImportMatch | null;

  @Field(() => [ImportFault], { description: "Why the row was not applied; otherwise empty." })
  faults!: ImportFault[];
}

export const ImportUsersPayload = payloadType("ImportUsers", {
  results: { type: () => [ImportResult], description: "One result per row, in their order." },
});
