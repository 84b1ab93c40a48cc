import { Field, ObjectType } from "type-graphql";
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from "typeorm";
import { User } from "./user.entity.js";

const primaryKey = { primaryKeyConstraintName: "user_statistics_pkey" };

@Entity("user_statistics")
@ObjectType({ simpleResolvers: true, description: "A key figure that a person follows." })
export class UserStatistic {
  @PrimaryColumn("integer", { name: "user_id", ...primaryKey })
  userId!: number;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "user_statistics_user_id_fkey" })
  user?: Relation<User>;

  @Field(() => String, { description: "Which figure." })
  @PrimaryColumn("text", primaryKey)
  statistic!: string;

  /** '' when there is none, so that the primary key can hold it. */
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
    description: "What the figure is narrowed down to; null when it is not.",
  })
  get primaryOption(): string | null {
    return this.primaryOptionText || null;
  }

  @Field(() => String, {
    simple: false,
    nullable: true,
    description: "A second narrowing; null when there is none.",
  })
  get secondaryOption(): string | null {
    return this.secondaryOptionText || null;
  }
}
