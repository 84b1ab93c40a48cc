import { Field, ObjectType } from "type-graphql";
import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from "typeorm";
import type { Door, PresenceSource } from "../domain/vocabulary.js";
import { DoorEnum, PresenceSourceEnum } from "./enums.js";
import { Status } from "./status.entity.js";
import { User } from "./user.entity.js";

@Entity("status_changes")
@Index("status_changes_user_id_idx", ["userId", "changedAt", "id"])
@ObjectType({
  simpleResolvers: true,
  description: "One change of the status in effect. Never changed or deleted.",
})
export class StatusChange {
  @PrimaryGeneratedColumn("identity", {
    type: "bigint",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "status_changes_pkey",
  })
  id!: string;

  @Column("integer", { name: "user_id" })
  userId!: number;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "status_changes_user_id_fkey" })
  user?: Relation<User>;

  @Column("integer", { name: "from_status_id", nullable: true })
  fromStatusId!: number | null;

  @ManyToOne(() => Status)
  @JoinColumn({
    name: "from_status_id",
    foreignKeyConstraintName: "status_changes_from_status_id_fkey",
  })
  from?: Relation<Status>;

  @Column("integer", { name: "to_status_id" })
  toStatusId!: number;

  @ManyToOne(() => Status)
  @JoinColumn({
    name: "to_status_id",
    foreignKeyConstraintName: "status_changes_to_status_id_fkey",
  })
  to?: Relation<Status>;

  @Field(() => PresenceSourceEnum, {
    description: "The kind of claim that decided the new status.",
  })
  @Column("text")
  source!: PresenceSource;

  @Field(() => String, {
    description: "The operation that caused the change, or `expired` when a claim expired.",
  })
  @Column("text")
  cause!: string;

  @Field(() => String, {
    description: "The actor: a username, the name of an API key, or `rollcall` itself.",
  })
  @Column("text")
  actor!: string;

  @Field(() => DoorEnum, { description: "The API that the change came through." })
  @Column("text")
  door!: Door;

  @Field(() => String, {
    nullable: true,
    description: "The last call that the client knew of; null if it sent none.",
  })
  @Column("bigint", { name: "last_internal_call_id", nullable: true })
  lastInternalCallId!: string | null;

  @Field(() => Date, { description: "When the status took effect." })
  @Column("timestamptz", { name: "changed_at", default: () => "now()" })
  changedAt!: Date;
}
