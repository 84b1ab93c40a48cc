import { Field, Int, ObjectType } from "type-graphql";
import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from "typeorm";
import type { StatusClass } from "../domain/vocabulary.js";
import { StatusClassEnum } from "./enums.js";

@Entity("statuses")
@Index("statuses_name_key", { synchronize: false })
@Check("statuses_class_check", `class IN ('AVAILABLE', 'BUSY', 'AWAY', 'OFFLINE')`)
@Check("statuses_color_check", `color ~ '^#[0-9a-fA-F]{6}$'`)
@ObjectType({
  simpleResolvers: true,
  description: "An entry of the status catalogue. Entries can be added and renamed at run time.",
})
export class Status {
  @Field(() => Int, { description: "The statusID of Omnidesk and the AgentStatusID of jtel." })
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "statuses_pkey",
  })
  id!: number;

  @Field(() => String, { description: "The displayed name; unique, case-insensitive." })
  @Column("text")
  name!: string;

  @Field(() => StatusClassEnum, { description: "The meaning for routing; never changes." })
  @Column("text")
  class!: StatusClass;

  @Field(() => String, { description: "The display colour, such as #2e7d32." })
  @Column("text")
  color!: string;

  @Field(() => Boolean, {
    description:
      "Whether a user may choose it; other statuses are set by rules and by supervisors' locks.",
  })
  @Column("boolean", { default: true })
  selectable!: boolean;

  @Field(() => Int, { description: "The position in a list of statuses, lowest first." })
  @Column("integer")
  position!: number;
}
