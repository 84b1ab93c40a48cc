import { Field, Int, ObjectType } from "type-graphql";
import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from "typeorm";
import { toGlobalId } from "../domain/global-id.js";
import { Node } from "./node.js";
import { User } from "./user.entity.js";

@Entity("groups")
@Index("groups_name_key", { synchronize: false })
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "A team or queue of users.",
})
export class Group extends Node {
  override get globalId(): string {
    return toGlobalId("Group", this.id);
  }

  @Field(() => Int, {
    name: "number",
    simple: false,
    description: "The number of the group in the legacy systems.",
  })
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "groups_pkey",
  })
  id!: number;

  @Field(() => String, { description: "Unique, case-insensitive." })
  @Column("text")
  name!: string;
}

@Entity("group_members")
@Index("group_members_user_id_idx", ["userId", "groupId"])
export class GroupMember {
  @PrimaryColumn("integer", {
    name: "group_id",
    primaryKeyConstraintName: "group_members_pkey",
  })
  groupId!: number;

  @PrimaryColumn("integer", {
    name: "user_id",
    primaryKeyConstraintName: "group_members_pkey",
  })
  userId!: number;

  @ManyToOne(() => Group, { onDelete: "CASCADE" })
  @JoinColumn({ name: "group_id", foreignKeyConstraintName: "group_members_group_id_fkey" })
  group?: Relation<Group>;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "group_members_user_id_fkey" })
  user?: Relation<User>;
}
