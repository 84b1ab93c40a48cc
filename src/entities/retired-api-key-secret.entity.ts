import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  type Relation,
  Unique,
} from "typeorm";
import { ApiKey } from "./api-key.entity.js";

/** A secret that a rotation replaced. The row stays, so that no new key can have the same secret. */
@Entity("retired_api_key_secrets")
@Unique("retired_api_key_secrets_secret_hash_key", ["secretHash"])
export class RetiredApiKeySecret {
  @PrimaryColumn("integer", {
    name: "api_key_id",
    primaryKeyConstraintName: "retired_api_key_secrets_pkey",
  })
  apiKeyId!: number;

  @ManyToOne(() => ApiKey, { onDelete: "CASCADE" })
  @JoinColumn({
    name: "api_key_id",
    foreignKeyConstraintName: "retired_api_key_secrets_api_key_id_fkey",
  })
  apiKey?: Relation<ApiKey>;

  /** The generation of the secret, from 1. */
  @PrimaryColumn("integer", { primaryKeyConstraintName: "retired_api_key_secrets_pkey" })
  generation!: number;

  @Column("bytea", { name: "secret_hash", select: false })
  secretHash?: Buffer;

  /** The end of the overlap. */
  @Column("timestamptz", { name: "expires_at" })
  expiresAt!: Date;
}
