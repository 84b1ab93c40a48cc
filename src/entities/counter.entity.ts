import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/** How often something happened within its window of time, whichever process saw it. */
@Entity("counters")
@Index("counters_expires_at_idx", ["expiresAt"])
export class Counter {
  /** A digest: what is counted may be what somebody typed in, or where they are. */
  @PrimaryColumn("bytea", { primaryKeyConstraintName: "counters_pkey" })
  key!: Buffer;

  @Column("bigint")
  count!: string;

  @Column("timestamptz", { name: "expires_at" })
  expiresAt!: Date;
}
