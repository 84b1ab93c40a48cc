import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from "typeorm";
import type { ClaimKind } from "../domain/vocabulary.js";
import { Presence } from "./presence.entity.js";
import { Status } from "./status.entity.js";
import { User } from "./user.entity.js";

/** What one source wants the status of a user to be. src/domain/presence.ts decides between claims. */
@Entity("presence_claims")
@Index("presence_claims_user_id_idx", ["userId"])
@Index("presence_claims_set_by_idx", ["setBy"], { where: "set_by IS NOT NULL" })
@Index("presence_claims_until_idx", ["until"], { where: "until IS NOT NULL" })
@Index("presence_claims_lock_key", ["userId"], { unique: true, where: "kind = 'LOCK'" })
@Index("presence_claims_source_key", ["userId", "kind", "source"], {
  unique: true,
  where: "source IS NOT NULL",
})
@Check("presence_claims_kind_check", `kind IN ('LOCK', 'INTERNAL', 'MANUAL', 'EXTERNAL')`)
@Check("presence_claims_source_check", `(kind IN ('EXTERNAL', 'INTERNAL')) = (source IS NOT NULL)`)
@Check("presence_claims_until_check", `kind IN ('LOCK', 'MANUAL') OR until IS NOT NULL`)
export class PresenceClaim {
  @PrimaryGeneratedColumn("identity", {
    type: "bigint",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "presence_claims_pkey",
  })
  id!: string;

  @Column("integer", { name: "user_id" })
  userId!: number;

  @ManyToOne(() => Presence, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "presence_claims_user_id_fkey" })
  presence?: Relation<Presence>;

  @Column("text")
  kind!: ClaimKind;

  /** The external system, or the internal rule; null for locks and manual claims. */
  @Column("text", { nullable: true })
  source!: string | null;

  @Column("integer", { name: "status_id" })
  statusId!: number;

  @ManyToOne(() => Status)
  @JoinColumn({ name: "status_id", foreignKeyConstraintName: "presence_claims_status_id_fkey" })
  status?: Relation<Status>;

  @Column("timestamptz", { name: "set_at", default: () => "now()" })
  setAt!: Date;

  @Column("timestamptz", { nullable: true })
  until!: Date | null;

  @Column("integer", { name: "set_by", nullable: true })
  setBy!: number | null;

  @ManyToOne(() => User, { onDelete: "SET NULL" })
  @JoinColumn({ name: "set_by", foreignKeyConstraintName: "presence_claims_set_by_fkey" })
  setter?: Relation<User>;

  @Column("text", { nullable: true })
  reason!: string | null;
}
