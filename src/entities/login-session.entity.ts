import { Field, ID, ObjectType } from "type-graphql";
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
import { toGlobalId } from "../domain/global-id.js";
import { User } from "./user.entity.js";

@Entity("login_sessions")
@Unique("login_sessions_token_hash_key", ["tokenHash"])
@Index("login_sessions_user_id_idx", ["userId"])
@Index("login_sessions_expires_at_idx", ["expiresAt"])
@ObjectType("Session", {
  simpleResolvers: true,
  description:
    "A login session of a user. The token is returned once, on login, and stored as a hash.",
})
export class LoginSession {
  @Field(() => ID, { name: "id", simple: false, description: "The id for `revokeSession`." })
  get globalId(): string {
    return toGlobalId("LoginSession", this.id);
  }

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

  @Field(() => String, {
    nullable: true,
    description: "The IP address of the login; null if unknown.",
  })
  @Column("text", { nullable: true })
  address!: string | null;

  @Field(() => Date, { description: "When the user signed in." })
  @Column("timestamptz", { name: "created_at", default: () => "now()" })
  createdAt!: Date;

  @Field(() => Date, { description: "When the session expires, unless it ends before." })
  @Column("timestamptz", { name: "expires_at" })
  expiresAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: "The last use, to the minute; null if never used.",
  })
  @Column("timestamptz", { name: "last_used_at", nullable: true })
  lastUsedAt!: Date | null;

  @Column("timestamptz", { name: "revoked_at", nullable: true })
  revokedAt!: Date | null;
}
