import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type {
  ImportMatch,
  ImportMode,
  ImportOutcome,
  LivechatRole,
  UserKind,
} from "../domain/vocabulary.js";
import {
  ImportMatchEnum,
  ImportModeEnum,
  ImportOutcomeEnum,
  LivechatRoleEnum,
  UserKindEnum,
} from "../entities/enums.js";
import type { ImportResult as Result } from "../services/users/import/import.service.js";
import { payloadType } from "./shared/payload.js";
import { ExternalIdInput } from "./user-by.input.js";

const asIn = (mutation: string) => ({ nullable: true, description: `As in \`${mutation}\`.` });

@InputType({ description: "Somebody as an old system knows them; left out is what it does not." })
export class ImportedUserInput {
  @Field(() => [ExternalIdInput], {
    nullable: true,
    description: "The ids in old systems; they are kept.",
  })
  externalIds?: ExternalIdInput[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The login name: to find somebody by, and for somebody new. It never changes anybody's.",
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

  @Field(() => UserKindEnum, { nullable: true, description: "Of somebody new; without it: STAFF." })
  kind?: UserKind | null;

  @Field(() => Boolean, { nullable: true, description: "Of somebody new; without it: true." })
  active?: boolean | null;

  @Field(() => [LivechatRoleEnum], {
    nullable: true,
    description: "Roles in live channels to give; none is taken away.",
  })
  roles?: LivechatRole[] | null;
}

@InputType({ description: "What `importUsers` needs." })
export class ImportUsersInput {
  @Field(() => [ImportedUserInput], { description: "1 to 100 rows." })
  rows!: ImportedUserInput[];

  @Field(() => ImportModeEnum, { nullable: true, description: "Without it: FILL." })
  mode?: ImportMode | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "True: tells what would become of the rows, and changes nothing.",
  })
  dryRun?: boolean | null;
}

@ObjectType({ simpleResolvers: true, description: "Why a row of an import is left alone." })
export class ImportFault {
  @Field(() => String, { description: "Where in the row, as a dotted path." })
  path!: string;

  @Field(() => String, { description: "What is wrong with it." })
  message!: string;
}

@ObjectType({ simpleResolvers: true, description: "What became of a row of an import." })
export class ImportResult implements Result {
  @Field(() => Int, { description: "The row's place among those of the call, from 0." })
  row!: number;

  @Field(() => ImportOutcomeEnum, { description: "What became of it." })
  outcome!: ImportOutcome;

  @Field(() => ID, {
    nullable: true,
    description: "Who it is; null without an answer, and for somebody whom a dry run would make.",
  })
  userId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The username here; null when the row was left alone.",
  })
  username!: string | null;

  @Field(() => ImportMatchEnum, {
    nullable: true,
    description: "By what somebody was found; null when nobody was.",
  })
  matchedBy!: ImportMatch | null;

  @Field(() => [ImportFault], { description: "Why the row was left alone; else empty." })
  faults!: ImportFault[];
}

export const ImportUsersPayload = payloadType("ImportUsers", {
  results: { type: () => [ImportResult], description: "One for each row, in their order." },
});
