import { Field, ID, InputType, ObjectType } from "type-graphql";
import type {
  ExternalSystem,
  LivechatRole,
  StatusClass,
  UserKind,
} from "../../domain/vocabulary.js";
import {
  ExternalSystemEnum,
  LivechatRoleEnum,
  StatusClassEnum,
  UserKindEnum,
} from "../../entities/enums.js";
import { User } from "../../entities/user.entity.js";
import type { userOrderFields, orderDirections } from "../../services/users/user-list.js";
import { connectionType } from "../shared/connection.js";
import { OrderDirectionEnum, UserOrderFieldEnum } from "../shared/enums.js";

export const UserConnection = connectionType("User", User);

@ObjectType({ simpleResolvers: true, description: "The id of a user in a legacy system." })
export class ExternalId {
  @Field(() => ExternalSystemEnum, { description: "The legacy system." })
  system!: ExternalSystem;

  @Field(() => String, { description: "The id in that system's format." })
  id!: string;

  @Field(() => String, { nullable: true, description: "jtel's UID; null for the other systems." })
  uid!: string | null;
}

@InputType({ description: "Conditions for a list of users; all given conditions must hold." })
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description:
      "Each word must occur in the username, name, e-mail address or phone number, case-insensitive; a " +
      "word of one or two characters must be the start of a word there.",
  })
  search?: string | null;

  @Field(() => UserKindEnum, { nullable: true, description: "Only staff or only customers." })
  kind?: UserKind | null;

  @Field(() => Boolean, { nullable: true, description: "Only active or only deactivated users." })
  active?: boolean | null;

  @Field(() => ID, { nullable: true, description: "Only members of this group." })
  groupId?: string | null;

  @Field(() => [StatusClassEnum], {
    nullable: true,
    description: "Only users whose status in effect has one of these classes.",
  })
  statusClass?: StatusClass[] | null;

  @Field(() => LivechatRoleEnum, { nullable: true, description: "Only users with this role." })
  livechatRole?: LivechatRole | null;
}

@InputType({ description: "The order of a list of users." })
export class UserOrder {
  @Field(() => UserOrderFieldEnum, { description: "The sort key." })
  field!: (typeof userOrderFields)[number];

  @Field(() => OrderDirectionEnum, { nullable: true, description: "Default: ASC." })
  direction?: (typeof orderDirections)[number] | null;
}
