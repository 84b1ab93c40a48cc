import { Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from "typeorm";
import { GraphQLJSONObject } from "graphql-scalars";
import type { ActorKind, Door } from "../domain/vocabulary.js";
import { ActorKindEnum, DoorEnum } from "./enums.js";

/** Written in the transaction of the change. */
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
  description: "One change: its actor, its target, and the properties before and after.",
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

  @Field(() => ActorKindEnum, { description: "The kind of actor." })
  @Column("text", { name: "actor_kind" })
  actorKind!: ActorKind;

  @Column("integer", { name: "credential_id", nullable: true })
  credentialId!: number | null;

  @Column("integer", { name: "actor_user_id", nullable: true })
  actorUserId!: number | null;

  @Field(() => String, {
    description:
      "A username, the name of an API key, `operator` with the operating system account, or `rollcall` itself.",
  })
  @Column("text")
  actor!: string;

  @Field(() => DoorEnum, { description: "The API that the change came through." })
  @Column("text")
  door!: Door;

  @Field(() => String, { description: "The GraphQL name of the operation." })
  @Column("text")
  action!: string;

  @Field(() => String, { description: "The type of the changed object, such as User." })
  @Column("text", { name: "target_type" })
  targetType!: string;

  @Field(() => ID, {
    description: "The global id of the changed object, or its key if it has none.",
  })
  @Column("text", { name: "target_id" })
  targetId!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      "The changed properties before; null for a created object. Never contains a secret.",
  })
  @Column("jsonb", { nullable: true })
  before!: Record<string, unknown> | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      "The changed properties after; null for a removed object. Never contains a secret.",
  })
  @Column("jsonb", { nullable: true })
  after!: Record<string, unknown> | null;

  @Field(() => String, {
    description: "The id of the request, as in the logs and the x-request-id header.",
  })
  @Column("text", { name: "request_id" })
  requestId!: string;
}
