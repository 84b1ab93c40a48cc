import { Field, Int, ObjectType } from "type-graphql";
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
import type { ReservationState } from "../domain/vocabulary.js";
import { ReservationStateEnum } from "./enums.js";
import { Node } from "./node.js";
import { User } from "./user.entity.js";

@Entity("reservations")
@Unique("reservations_fencing_token_key", ["userId", "fencingToken"])
@Index("reservations_active_idx", ["userId"], { where: "state IN ('HELD', 'ACCEPTED')" })
@Index("reservations_expires_at_idx", ["expiresAt"], { where: "state = 'HELD'" })
@Check("reservations_state_check", `state IN ('HELD', 'ACCEPTED', 'RELEASED', 'EXPIRED')`)
@Check("reservations_fencing_token_check", `fencing_token > 0`)
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "A slot of an agent, reserved for one chat or call of a live channel.",
})
export class Reservation extends Node {
  override get globalId(): string {
    return toGlobalId("Reservation", this.id);
  }

  @PrimaryGeneratedColumn("identity", {
    type: "bigint",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "reservations_pkey",
  })
  id!: string;

  @Column("integer", { name: "user_id" })
  userId!: number;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "reservations_user_id_fkey" })
  user?: Relation<User>;

  @Field(() => String, { description: "The live channel, such as livechat or phone." })
  @Column("text")
  channel!: string;

  @Field(() => ReservationStateEnum, { description: "The state of the reservation." })
  @Column("text", { default: "HELD" })
  state!: ReservationState;

  @Field(() => Date, { description: "When the hold began." })
  @Column("timestamptz", { name: "held_at", default: () => "now()" })
  heldAt!: Date;

  @Field(() => Date, { description: "When the hold expires unless it is accepted." })
  @Column("timestamptz", { name: "expires_at" })
  expiresAt!: Date;

  @Field(() => Int, {
    description:
      "Increases with every reservation of the user; a system that has seen a higher token must ignore this one.",
  })
  @Column("integer", { name: "fencing_token" })
  fencingToken!: number;

  @Field(() => String, {
    description: "The actor that reserved: a username or the name of an API key.",
  })
  @Column("text", { name: "reserved_by" })
  reservedBy!: string;

  /** Database time of the read; not a column. */
  readAt!: Date;
}
