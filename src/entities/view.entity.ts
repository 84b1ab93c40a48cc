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
  description: "A list or screen that a user can select.",
})
export class View extends Node {
  override get globalId(): string {
    return toGlobalId("View", this.id);
  }

  @Field(() => Int, {
    name: "number",
    simple: false,
    description: "The number of the view in Omnidesk.",
  })
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "views_pkey",
  })
  id!: number;

  @Field(() => String, { description: "Unique, case-insensitive." })
  @Column("text")
  name!: string;
}

@Entity("user_views")
@Index("user_views_view_id_idx", ["viewId"])
@ObjectType({ simpleResolvers: true, description: "A view, with the selection of one user." })
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

  @Field(() => Boolean, { description: "Whether the user has selected the view." })
  @Column("boolean")
  selected!: boolean;
}
