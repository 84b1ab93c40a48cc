import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/** A request with an Idempotency-Key that made a change; kept for a day. */
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

  /** Outcomes of its changes, by the keys of their operations; sealed, in base64. See src/database/changes/outcome.ts. */
  @Column("jsonb", { default: {} })
  outcomes!: Record<string, string>;

  /** The response, sealed; null until it is stored, and forever if the process crashed before. */
  @Column("bytea", { nullable: true })
  answer!: Buffer | null;

  @Column("timestamptz", { name: "created_at", default: () => "now()" })
  createdAt!: Date;
}
