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
  description: "A row of the catalogue of statuses, which can be added to and renamed at run time.",
})
export class Status {
  @Field(() => Int, { description: "What Omnidesk calls statusID and jtel AgentStatusID." })
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "statuses_pkey",
  })
  id!: number;

  @Field(() => String, { description: "For people; unique, whatever the case of its letters." })
  @Column("text")
  name!: string;

  @Field(() => StatusClassEnum, { description: "For routing; never changes." })
  @Column("text")
  class!: StatusClass;

  @Field(() => String, { description: "For screens, such as #2e7d32." })
  @Column("text")
  color!: string;

  @Field(() => Boolean, {
    description: "Whether a person may choose it; the rest is set by rules and supervisors' locks.",
  })
  @Column("boolean", { default: true })
  selectable!: boolean;

  @Field(() => Int, { description: "Where it stands in a list of statuses, lowest first." })
  @Column("integer")
  position!: number;
}
