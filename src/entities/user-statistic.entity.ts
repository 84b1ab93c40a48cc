import { Field, ObjectType } from "type-graphql";
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from "typeorm";
import { User } from "./user.entity.js";

const primaryKey = { primaryKeyConstraintName: "user_statistics_pkey" };

@Entity("user_statistics")
@ObjectType({ simpleResolvers: true, description: "A key figure that a user follows." })
export class UserStatistic {
  @PrimaryColumn("integer", { name: "user_id", ...primaryKey })
  userId!: number;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "user_statistics_user_id_fkey" })
  user?: Relation<User>;

  @Field(() => String, { description: "The name of the figure." })
  @PrimaryColumn("text", primaryKey)
  statistic!: string;

  /** '' for none, because columns of a primary key cannot be null. */
  @PrimaryColumn("text", { name: "primary_option", default: "", ...primaryKey })
  primaryOptionText!: string;

  @PrimaryColumn("text", { name: "secondary_option", default: "", ...primaryKey })
  secondaryOptionText!: string;

  @Field(() => Boolean, { description: "Whether the figure is watched." })
  @Column("boolean", { default: false })
  watched!: boolean;

  @Field(() => String, {
    simple: false,
    nullable: true,
    description: "Filters the figure; null without a filter.",
  })
  get primaryOption(): string | null {
    return this.primaryOptionText || null;
  }

  @Field(() => String, {
    simple: false,
    nullable: true,
    description: "A second filter; null without one.",
  })
  get secondaryOption(): string | null {
    return this.secondaryOptionText || null;
  }
}
