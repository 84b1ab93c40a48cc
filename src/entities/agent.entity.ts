import { Field, ObjectType } from "type-graphql";
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  OneToOne,
  PrimaryColumn,
  type Relation,
} from "typeorm";
import { toGlobalId } from "../domain/global-id.js";
import type { Availability } from "../domain/vocabulary.js";
import { AvailabilityEnum } from "./enums.js";
import { Node } from "./node.js";
import { User } from "./user.entity.js";

/** The row is the role: a user with a row is an agent. */
@Entity("agents")
@Index("agents_available_idx", ["userId"], { where: "availability = 'AVAILABLE'" })
@Index("agents_not_available_idx", ["userId"], { where: "availability = 'NOT_AVAILABLE'" })
@Index("agents_registered_at_idx", ["registeredAt", "userId"])
@Check("agents_availability_check", `availability IN ('AVAILABLE', 'NOT_AVAILABLE')`)
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "The agent role of a user in live channels.",
})
export class Agent extends Node {
  override get globalId(): string {
    return toGlobalId("Agent", this.userId);
  }

  @PrimaryColumn("integer", { name: "user_id", primaryKeyConstraintName: "agents_pkey" })
  userId!: number;

  @OneToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "agents_user_id_fkey" })
  user?: Relation<User>;

  @Field(() => AvailabilityEnum, { description: "Whether the agent takes part in live channels." })
  @Column("text", { default: "AVAILABLE" })
  availability!: Availability;

  @Field(() => Date, { description: "When the user became an agent." })
  @Column("timestamptz", { name: "registered_at", default: () => "now()" })
  registeredAt!: Date;
}

/** The manager role in live channels, independent of the agent role. */
@Entity("managers")
export class Manager {
  @PrimaryColumn("integer", { name: "user_id", primaryKeyConstraintName: "managers_pkey" })
  userId!: number;

  @OneToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "managers_user_id_fkey" })
  user?: Relation<User>;

  @Column("timestamptz", { name: "registered_at", default: () => "now()" })
  registeredAt!: Date;
}
