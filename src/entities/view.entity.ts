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

@Entity("views")
@Index("views_name_key", { synchronize: false })
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "A list or screen that a person can have on their desk.",
})
export class View extends Node {
  override get globalId(): string {
    return toGlobalId("View", this.id);
  }

  @Field(() => Int, {
    name: "number",
    simple: false,
    description: "The number by which Omnidesk knows the view.",
  })
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "views_pkey",
  })
  id!: number;

  @Field(() => String, { description: "Unique, whatever the case of its letters." })
  @Column("text")
  name!: string;
}

@Entity("user_views")
@Index("user_views_view_id_idx", ["viewId"])
@ObjectType({ simpleResolvers: true, description: "A view as one person has it." })
export class UserView {
  @PrimaryColumn("integer", { name: "user_id", primaryKeyConstraintName: "user_views_pkey" })
  userId!: number;

  @PrimaryColumn("integer", { name: "view_id", primaryKeyConstraintName: "user_views_pkey" })
  viewId!: number;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "user_views_user_id_fkey" })
  user?: Relation<User>;

  @ManyToOne(() => View, { onDelete: "CASCADE" })
  @JoinColumn({ name: "view_id", foreignKeyConstraintName: "user_views_view_id_fkey" })
  view?: Relation<View>;

  @Field(() => Boolean, { description: "Whether the person has selected it." })
  @Column("boolean")
  selected!: boolean;
}
