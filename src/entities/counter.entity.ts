import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/** Counts events within a time window, over all processes. */
@Entity("counters")
@Index("counters_expires_at_idx", ["expiresAt"])
export class Counter {
  /** A digest, because keys contain usernames and addresses. */
  @PrimaryColumn("bytea", { primaryKeyConstraintName: "counters_pkey" })
  key!: Buffer;

  @Column("bigint")
  count!: string;

  @Column("timestamptz", { name: "expires_at" })
  expiresAt!: Date;
}
