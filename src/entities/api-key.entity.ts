import { Field, ObjectType } from "type-graphql";
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
  Unique,
} from "typeorm";
import { toGlobalId } from "../domain/global-id.js";
import type { Permission } from "../domain/vocabulary.js";
import { PermissionEnum } from "./enums.js";
import { Node } from "./node.js";
import { User } from "./user.entity.js";

@Entity("api_keys")
@Unique("api_keys_secret_hash_key", ["secretHash"])
@Index("api_keys_owner_user_id_idx", ["ownerUserId"])
@Check(
  "api_keys_permissions_check",
  `permissions <@ ARRAY['USER_READ', 'USER_CUD', 'API_RESERVE_USER', 'USER_ANONYMOUS_BROWSING_UPDATE', 'ADMIN']`,
)
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    "The credential of a program. The secret is returned once, on creation, and stored as a hash.",
})
export class ApiKey extends Node {
  override get globalId(): string {
    return toGlobalId("ApiKey", this.id);
  }

  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "api_keys_pkey",
  })
  id!: number;

  @Field(() => String, { description: "The name of the key, also as the actor in the audit." })
  @Column("text")
  name!: string;

  @Field(() => String, {
    description: "The first characters of the current secret, to identify the key.",
  })
  @Column("text")
  prefix!: string;

  @Column("bytea", { name: "secret_hash", select: false })
  secretHash?: Buffer;

  /** The generation of the current secret, from 1; earlier ones are retired. */
  @Column("integer", { default: 1 })
  generation!: number;

  @Field(() => [PermissionEnum], { description: "The permissions of the key." })
  @Column("text", { array: true })
  permissions!: Permission[];

  @Column("integer", { name: "owner_user_id", nullable: true })
  ownerUserId!: number | null;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "owner_user_id", foreignKeyConstraintName: "api_keys_owner_user_id_fkey" })
  ownerUser?: Relation<User>;

  @Field(() => Date, { description: "When the key was created." })
  @Column("timestamptz", { name: "created_at", default: () => "now()" })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: "Null if the key does not expire." })
  @Column("timestamptz", { name: "expires_at", nullable: true })
  expiresAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: "The last use, to the minute; null if never used.",
  })
  @Column("timestamptz", { name: "last_used_at", nullable: true })
  lastUsedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: "Null unless the key is revoked." })
  @Column("timestamptz", { name: "revoked_at", nullable: true })
  revokedAt!: Date | null;
}
