import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/** A request that came with an Idempotency-Key and changed something; kept for a day. */
@Entity("idempotent_requests")
@Index("idempotent_requests_created_at_idx", ["createdAt"])
export class IdempotentRequest {
  @PrimaryColumn("text", { primaryKeyConstraintName: "idempotent_requests_pkey" })
  credential!: string;

  @PrimaryColumn("bytea", {
    name: "key_hash",
    primaryKeyConstraintName: "idempotent_requests_pkey",
  })
  keyHash!: Buffer;

  @Column("bytea")
  fingerprint!: Buffer;

  /** Outcomes of its changes, by the keys of their operations; sealed, in base64. See src/database/outcome.ts. */
  @Column("jsonb", { default: {} })
  outcomes!: Record<string, string>;

  /** Sealed; null until there is one, and for ever when the process died before. */
  @Column("bytea", { nullable: true })
  answer!: Buffer | null;

  @Column("timestamptz", { name: "created_at", default: () => "now()" })
  createdAt!: Date;
}
