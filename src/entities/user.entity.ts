import { Field, Int, ObjectType } from "type-graphql";
import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn, Unique } from "typeorm";
import { displayNameOf } from "../domain/display-name.js";
import { toGlobalId } from "../domain/global-id.js";
import type { ExternalSystem, Permission, UserKind } from "../domain/vocabulary.js";
import { Columns } from "./columns.js";
import { PermissionEnum, UserKindEnum } from "./enums.js";
import { Node } from "./node.js";

@Entity("users")
@Unique("users_clientexec_id_key", ["clientexecId"])
@Unique("users_rocket_chat_id_key", ["rocketChatId"])
@Unique("users_jtel_id_key", ["jtelId"])
@Unique("users_omnidesk_id_key", ["omnideskId"])
@Index("users_username_key", { synchronize: false })
@Index("users_email_key", { synchronize: false })
@Index("users_jtel_uid_key", { synchronize: false })
@Index("users_jtel_uid_search_idx", { synchronize: false })
@Index("users_name_idx", { synchronize: false })
@Index("users_search_idx", { synchronize: false })
@Index("users_created_at_idx", ["createdAt", "id"])
@Index("users_telephone_idx", ["telephone"])
@Index("users_staff_idx", ["id"], { where: "kind = 'STAFF'" })
@Index("users_customer_idx", ["id"], { where: "kind = 'CUSTOMER'" })
@Index("users_inactive_idx", ["id"], { where: "NOT active" })
@Check("users_kind_check", `kind IN ('STAFF', 'CUSTOMER')`)
@Check(
  "users_permissions_check",
  `permissions <@ ARRAY['USER_READ', 'USER_CUD', 'API_RESERVE_USER', 'USER_ANONYMOUS_BROWSING_UPDATE', 'ADMIN']`,
)
@Check(
  "users_imported_from_check",
  `imported_from <@ ARRAY['CLIENTEXEC', 'ROCKET_CHAT', 'JTEL', 'OMNIDESK']`,
)
@Check("users_rocket_chat_id_check", `rocket_chat_id ~ '^[0-9A-Za-z]{17}$'`)
@Check("users_telephone_check", `telephone ~ '^\\+[1-9][0-9]{1,14}$'`)
@Check("users_version_check", `version > 0`)
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "A user: staff of the contact centre, or a customer.",
})
export class User extends Node {
  override get globalId(): string {
    return toGlobalId("User", this.id);
  }

  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "users_pkey",
  })
  id!: number;

  @Field(() => String, { description: "The name for the login; unique, case-insensitive." })
  @Column("text")
  username!: string;

  @Field(() => String, { nullable: true, description: "Null if not set." })
  @Column("text", { nullable: true })
  firstname!: string | null;

  @Field(() => String, { nullable: true, description: "Null if not set." })
  @Column("text", { nullable: true })
  lastname!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Unique, case-insensitive; null if not set.",
  })
  @Column("text", { nullable: true })
  email!: string | null;

  @Field(() => Boolean, { description: "Whether the user has confirmed the address." })
  @Column("boolean", { name: "email_verified", default: false })
  emailVerified!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "In E.164 format, such as +31201234567; null if not set.",
  })
  @Column("text", { nullable: true })
  telephone!: string | null;

  @Field(() => String, { description: "A language code such as en or pt-BR." })
  @Column("text", { default: "en" })
  language!: string;

  @Field(() => String, { description: "A locale such as en_GB, or iso." })
  @Column("text", { name: "date_format", default: "en_GB" })
  dateFormat!: string;

  @Field(() => UserKindEnum, { description: "Whether the user is staff or a customer." })
  @Column("text", { default: "STAFF" })
  kind!: UserKind;

  @Field(() => Boolean, {
    description: "False for a deactivated user, which can neither sign in nor be reserved.",
  })
  @Column("boolean", { default: true })
  active!: boolean;

  @Field(() => [PermissionEnum], { description: "The permissions of the user's sessions." })
  @Column("text", { array: true, default: [] })
  permissions!: Permission[];

  @Column("text", { name: "password_hash", nullable: true, select: false })
  passwordHash?: string | null;

  /** Digits; text because a bigint may exceed a JavaScript number. */
  @Generated("increment")
  @Column("bigint", { name: "clientexec_id" })
  clientexecId!: string;

  @Column("text", { name: "rocket_chat_id" })
  rocketChatId!: string;

  @Generated("increment")
  @Column("integer", { name: "jtel_id" })
  jtelId!: number;

  @Column("text", { name: "jtel_uid" })
  jtelUid!: string;

  @Generated("increment")
  @Column("integer", { name: "omnidesk_id" })
  omnideskId!: number;

  /** The systems that issued their id of the user; the other ids were generated here. */
  @Column("text", { name: "imported_from", array: true, default: [], select: false })
  importedFrom?: ExternalSystem[];

  @Field(() => Int, {
    description: "Increases with every change of the user; the value of `expectedVersion`.",
  })
  @Column("integer", { default: 1 })
  version!: number;

  @Field(() => Date, { description: "When the user was created." })
  @Column("timestamptz", { name: "created_at", default: () => "now()" })
  createdAt!: Date;

  @Field(() => Date, { description: "When the user was last changed." })
  @Column("timestamptz", { name: "updated_at", default: () => "now()" })
  updatedAt!: Date;

  @Columns<User>("firstname", "lastname", "username")
  @Field(() => String, {
    simple: false,
    description: "First and last name; the username when both are missing.",
  })
  get displayName(): string {
    return displayNameOf(this);
  }
}
