import { Field, ID, InputType, ObjectType } from "type-graphql";
import type { ExternalSystem, LivechatRole, StatusClass, UserKind } from "../domain/vocabulary.js";
import {
  ExternalSystemEnum,
  LivechatRoleEnum,
  StatusClassEnum,
  UserKindEnum,
} from "../entities/enums.js";
import { User } from "../entities/user.entity.js";
import type { userOrderFields, orderDirections } from "../services/users/user-list.js";
import { connectionType } from "./shared/connection.js";
import { OrderDirectionEnum, UserOrderFieldEnum } from "./shared/enums.js";

export const UserConnection = connectionType("User", User);

@ObjectType({ simpleResolvers: true, description: "The id by which an old system knows a person." })
export class ExternalId {
  @Field(() => ExternalSystemEnum, { description: "Which system." })
  system!: ExternalSystem;

  @Field(() => String, { description: "The id as that system writes it." })
  id!: string;

  @Field(() => String, { nullable: true, description: "jtel's UID; null for the other systems." })
  uid!: string | null;
}

@InputType({ description: "Which people to list; all parts that are given must be true." })
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description:
      "Every word must be in the username, name, e-mail address or telephone number, in any case of " +
      "letters; a word of one or two characters must be the start of one.",
  })
  search?: string | null;

  @Field(() => UserKindEnum, { nullable: true, description: "Staff or customers only." })
  kind?: UserKind | null;

  @Field(() => Boolean, { nullable: true, description: "Active or deactivated people only." })
  active?: boolean | null;

  @Field(() => ID, { nullable: true, description: "Members of this group only." })
  groupId?: string | null;

  @Field(() => [StatusClassEnum], {
    nullable: true,
    description: "People whose status in effect is of one of these classes.",
  })
  statusClass?: StatusClass[] | null;

  @Field(() => LivechatRoleEnum, { nullable: true, description: "Holders of this role only." })
  livechatRole?: LivechatRole | null;
}

@InputType({ description: "How to order a list of people." })
export class UserOrder {
  @Field(() => UserOrderFieldEnum, { description: "By what." })
  field!: (typeof userOrderFields)[number];

  @Field(() => OrderDirectionEnum, { nullable: true, description: "Without it: ASC." })
  direction?: (typeof orderDirections)[number] | null;
}
