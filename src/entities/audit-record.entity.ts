import { Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from "typeorm";
import { GraphQLJSONObject } from "graphql-scalars";
import type { ActorKind, Door } from "../domain/vocabulary.js";
import { ActorKindEnum, DoorEnum } from "./enums.js";

/** Written in the transaction of the change it tells of. */
@Entity("audit_records")
@Index("audit_records_recorded_at_idx", ["recordedAt", "id"])
@Index("audit_records_target_id_idx", ["targetId", "recordedAt", "id"])
@Index("audit_records_target_type_idx", ["targetType", "recordedAt", "id"])
@Index("audit_records_action_idx", ["action", "recordedAt", "id"])
@Index("audit_records_actor_idx", ["actor", "recordedAt", "id"])
@Index("audit_records_door_idx", ["door", "recordedAt", "id"])
@Check(
  "audit_records_actor_kind_check",
  `actor_kind IN ('API_KEY', 'SESSION', 'SYSTEM', 'ANONYMOUS')`,
)
@ObjectType({
  simpleResolvers: true,
  description: "Who changed what, through which door, and how.",
})
export class AuditRecord {
  @PrimaryGeneratedColumn("identity", {
    type: "bigint",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "audit_records_pkey",
  })
  id!: string;

  @Field(() => Date, { description: "When the change was made." })
  @Column("timestamptz", { name: "recorded_at", default: () => "now()" })
  recordedAt!: Date;

  @Field(() => ActorKindEnum, { description: "What kind of author." })
  @Column("text", { name: "actor_kind" })
  actorKind!: ActorKind;

  @Column("integer", { name: "credential_id", nullable: true })
  credentialId!: number | null;

  @Column("integer", { name: "actor_user_id", nullable: true })
  actorUserId!: number | null;

  @Field(() => String, {
    description:
      "A username, the name of an API key, `operator` with an account of the machine, or `rollcall` itself.",
  })
  @Column("text")
  actor!: string;

  @Field(() => DoorEnum, { description: "Through which door." })
  @Column("text")
  door!: Door;

  @Field(() => String, { description: "The operation, by its GraphQL name." })
  @Column("text")
  action!: string;

  @Field(() => String, { description: "The type of what was changed, such as User." })
  @Column("text", { name: "target_type" })
  targetType!: string;

  @Field(() => ID, {
    description: "The global id of what was changed, or its key where it has none.",
  })
  @Column("text", { name: "target_id" })
  targetId!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: "The changed properties before; null for something new. Never holds a secret.",
  })
  @Column("jsonb", { nullable: true })
  before!: Record<string, unknown> | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: "The changed properties after; null for something removed. Never holds a secret.",
  })
  @Column("jsonb", { nullable: true })
  after!: Record<string, unknown> | null;

  @Field(() => String, {
    description: "The request, as the logs and the x-request-id header name it.",
  })
  @Column("text", { name: "request_id" })
  requestId!: string;
}
