import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
  Unique,
} from "typeorm";
import { User } from "./user.entity.js";

/** A person's sign-in. The token was shown once and is kept as a hash. */
@Entity("login_sessions")
@Unique("login_sessions_token_hash_key", ["tokenHash"])
@Index("login_sessions_user_id_idx", ["userId"])
export class LoginSession {
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "login_sessions_pkey",
  })
  id!: number;

  @Column("integer", { name: "user_id" })
  userId!: number;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "login_sessions_user_id_fkey" })
  user?: Relation<User>;

  @Column("bytea", { name: "token_hash", select: false })
  tokenHash?: Buffer;

  /** Where it was made from; null when that is not known. */
  @Column("text", { nullable: true })
  address!: string | null;

  @Column("timestamptz", { name: "created_at", default: () => "now()" })
  createdAt!: Date;

  @Column("timestamptz", { name: "expires_at" })
  expiresAt!: Date;

  @Column("timestamptz", { name: "last_used_at", nullable: true })
  lastUsedAt!: Date | null;

  @Column("timestamptz", { name: "revoked_at", nullable: true })
  revokedAt!: Date | null;
}
