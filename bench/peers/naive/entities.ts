import { Field, ID, Int, ObjectType } from "type-graphql";
import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from "typeorm";
import { globalId } from "../../floor/json.js";

@Entity("users")
@ObjectType()
export class User {
  @PrimaryColumn("integer")
  id!: number;

  @Field(() => ID, { name: "id" })
  get globalId(): string {
    return globalId("User", String(this.id));
  }

  @Field(() => String)
  @Column("text")
  username!: string;

  @Column("text", { nullable: true })
  firstname!: string | null;

  @Column("text", { nullable: true })
  lastname!: string | null;

  @Field(() => String, { nullable: true })
  @Column("text", { nullable: true })
  email!: string | null;

  @Column("text", { nullable: true })
  telephone!: string | null;

  @Column("boolean")
  active!: boolean;

  @Field(() => String)
  get displayName(): string {
    return [this.firstname, this.lastname].filter(Boolean).join(" ") || this.username;
  }
}

@Entity("agents")
@ObjectType()
export class Agent {
  @PrimaryColumn("integer", { name: "user_id" })
  userId!: number;

  @Field(() => String)
  @Column("text")
  availability!: string;
}

@Entity("statuses")
@ObjectType()
export class Status {
  @Field(() => Int)
  @PrimaryColumn("integer")
  id!: number;

  @Field(() => String)
  @Column("text")
  name!: string;

  @Column("boolean")
  selectable!: boolean;
}

interface Step {
  readonly at: string;
  readonly statusId: number;
}

@Entity("presences")
@ObjectType()
export class Presence {
  @PrimaryColumn("integer", { name: "user_id" })
  userId!: number;

  @Column("integer", { name: "status_id" })
  statusId!: number;

  @Field(() => String)
  @Column("text")
  source!: string;

  @Column("timestamptz")
  since!: Date;

  @Field(() => Date, { name: "until", nullable: true })
  @Column("timestamptz", { name: "changes_at", nullable: true })
  changesAt!: Date | null;

  @Column("jsonb")
  plan!: readonly Step[];

  @Column("timestamptz", { name: "lease_until", nullable: true })
  leaseUntil!: Date | null;

  /** The last due step. */
  get statusInEffect(): number {
    const due = this.plan.filter(({ at }) => Date.parse(at) <= Date.now());
    return due.at(-1)?.statusId ?? this.statusId;
  }
}

@Entity("presence_claims")
@ObjectType("StatusLock")
export class PresenceClaim {
  @PrimaryGeneratedColumn("identity", { type: "bigint" })
  id!: string;

  @Column("integer", { name: "user_id" })
  userId!: number;

  @Column("text")
  kind!: string;

  @Column("integer", { name: "status_id" })
  statusId!: number;

  @Field(() => Date, { name: "lockedAt" })
  @Column("timestamptz", { name: "set_at" })
  setAt!: Date;

  @Field(() => Date, { nullable: true })
  @Column("timestamptz", { nullable: true })
  until!: Date | null;

  @Field(() => String, { nullable: true })
  @Column("text", { nullable: true })
  reason!: string | null;
}

@Entity("groups")
@ObjectType()
export class Group {
  @PrimaryColumn("integer")
  id!: number;

  @Field(() => String)
  @Column("text")
  name!: string;
}

@Entity("group_members")
export class GroupMember {
  @PrimaryColumn("integer", { name: "group_id" })
  groupId!: number;

  @PrimaryColumn("integer", { name: "user_id" })
  userId!: number;

  @ManyToOne(() => Group)
  @JoinColumn({ name: "group_id" })
  group!: Relation<Group>;
}

@Entity("status_changes")
export class StatusChange {
  @PrimaryGeneratedColumn("identity", { type: "bigint" })
  id!: string;

  @Column("integer", { name: "user_id" })
  userId!: number;

  @Column("integer", { name: "from_status_id" })
  fromStatusId!: number;

  @Column("integer", { name: "to_status_id" })
  toStatusId!: number;

  @Column("text")
  source!: string;

  @Column("text")
  cause!: string;

  @Column("text")
  actor!: string;

  @Column("text")
  door!: string;

  @Column("timestamptz", { name: "changed_at" })
  changedAt!: Date;
}

@Entity("audit_records")
export class AuditRecord {
  @PrimaryGeneratedColumn("identity", { type: "bigint" })
  id!: string;

  @Column("text", { name: "actor_kind" })
  actorKind!: string;

  @Column("text")
  actor!: string;

  @Column("text")
  door!: string;

  @Column("text")
  action!: string;

  @Column("text", { name: "target_type" })
  targetType!: string;

  @Column("text", { name: "target_id" })
  targetId!: string;

  @Column("jsonb")
  before!: object;

  @Column("jsonb")
  after!: object;

  @Column("text", { name: "request_id" })
  requestId!: string;
}

@Entity("events")
export class Event {
  @PrimaryGeneratedColumn("identity", { type: "bigint" })
  id!: string;

  @Column("text")
  topic!: string;

  @Column("text")
  subject!: string;

  @Column("jsonb")
  payload!: object;
}
