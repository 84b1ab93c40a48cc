import { Field, ObjectType } from "type-graphql";
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  type Relation,
} from "typeorm";
import { toGlobalId } from "../domain/global-id.js";
import type { PlannedStep } from "../domain/presence.js";
import type { PresenceSource, TelephoneStatus } from "../domain/vocabulary.js";
import { Columns } from "./columns.js";
import { PresenceSourceEnum, TelephoneStatusEnum } from "./enums.js";
import { Node } from "./node.js";
import { Status } from "./status.entity.js";
import { User } from "./user.entity.js";

@Entity("presences")
@Index("presences_status_id_idx", ["statusId", "changesAt", "userId"])
@Index("presences_changes_at_idx", ["changesAt"], { where: "changes_at IS NOT NULL" })
@Index("presences_lease_until_idx", ["leaseUntil"], { where: "lease_until IS NOT NULL" })
@Index("presences_last_seen_at_idx", { synchronize: false })
@Index("presences_open_slots_idx", { synchronize: false })
@Check(
  "presences_source_check",
  `source IN ('LOCK', 'INTERNAL', 'MANUAL', 'EXTERNAL', 'CONNECTION')`,
)
@Check("presences_plan_check", `(changes_at IS NULL) = (plan = '[]')`)
@Check("presences_telephone_status_check", `telephone_status IN ('FREE', 'BUSY', 'RINGING')`)
@Check("presences_last_view_check", `(last_view_module IS NULL) = (last_view_name IS NULL)`)
@Check("presences_open_slots_check", `open_slots >= 0`)
@Check("presences_last_fencing_token_check", `last_fencing_token >= 0`)
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "The status in effect of a user, and its origin.",
})
export class Presence extends Node {
  override get globalId(): string {
    return toGlobalId("Presence", this.userId);
  }

  @PrimaryColumn("integer", { name: "user_id", primaryKeyConstraintName: "presences_pkey" })
  userId!: number;

  @OneToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "presences_user_id_fkey" })
  user?: Relation<User>;

  @Column("integer", { name: "status_id" })
  statusId!: number;

  @ManyToOne(() => Status)
  @JoinColumn({ name: "status_id", foreignKeyConstraintName: "presences_status_id_fkey" })
  status?: Relation<Status>;

  @Field(() => PresenceSourceEnum, { description: "The kind of claim that decides the status." })
  @Column("text")
  source!: PresenceSource;

  @Field(() => Date, { description: "When the status took effect." })
  @Column("timestamptz", { default: () => "now()" })
  since!: Date;

  @Columns<Presence>("changesAt")
  @Field(() => Date, {
    name: "until",
    simple: false,
    nullable: true,
    description: "When the status will change without a request; null if no claim expires.",
  })
  @Column("timestamptz", { name: "changes_at", nullable: true })
  changesAt!: Date | null;

  /** The dated steps from `changesAt` on if nothing else happens; see src/domain/presence.ts. */
  @Column("jsonb", { default: [] })
  plan!: readonly PlannedStep[];

  /** Null after the end of the lease was announced. */
  @Column("timestamptz", { name: "lease_until", nullable: true })
  leaseUntil!: Date | null;

  /** When the connection of the lease began, or of the last one; null if there never was one. */
  @Column("timestamptz", { name: "online_since", nullable: true })
  onlineSince!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: "When the user was last seen; null if never.",
  })
  @Column("timestamptz", { name: "last_seen_at", nullable: true })
  lastSeenAt!: Date | null;

  /** When the client requested the last manual change, by its own clock; older requests are ignored. */
  @Column("timestamptz", { name: "last_requested_at", nullable: true })
  lastRequestedAt!: Date | null;

  @Column("text", { name: "last_view_module", nullable: true })
  lastViewModule!: string | null;

  @Column("text", { name: "last_view_name", nullable: true })
  lastViewName!: string | null;

  @Column("text", { name: "last_view_target", nullable: true })
  lastViewTarget!: string | null;

  @Field(() => TelephoneStatusEnum, { description: "The state of the phone line." })
  @Column("text", { name: "telephone_status", default: "FREE" })
  telephoneStatus!: TelephoneStatus;

  @Field(() => Date, {
    nullable: true,
    description: "When the phone line last changed; null if never.",
  })
  @Column("timestamptz", { name: "telephone_changed_at", nullable: true })
  telephoneChangedAt!: Date | null;

  /** Free slots regardless of the status; stored only for searches, see src/services/agents/capacity.ts. */
  @Column("integer", { name: "open_slots", default: 0, select: false })
  openSlots!: number;

  /** When a reservation last began or ended; null if there never was one. */
  @Column("timestamptz", { name: "last_reservation_at", nullable: true, select: false })
  lastReservationAt!: Date | null;

  /** Stored here because it outlives the agent role: tokens never restart. */
  @Column("integer", { name: "last_fencing_token", default: 0, select: false })
  lastFencingToken!: number;

  /** Database time of the read; not a column. */
  readAt!: Date;

  /** The plan if its first step was due at that time, else null; not a column. */
  duePlan!: readonly PlannedStep[] | null;

  @Columns<Presence>("leaseUntil")
  @Field(() => Boolean, {
    simple: false,
    description:
      "Whether the user is connected: a heartbeat arrived, or a connection was open, within the lease.",
  })
  get online(): boolean {
    return this.leaseUntil !== null && this.leaseUntil > this.readAt;
  }
}
