import { Column, Entity, Index, PrimaryGeneratedColumn } from "typeorm";

/** The outbox: events for subscribers, written in the transaction of the change. */
@Entity("events")
@Index("events_created_at_idx", ["createdAt"])
export class Event {
  @PrimaryGeneratedColumn("identity", {
    type: "bigint",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "events_pkey",
  })
  id!: string;

  @Column("text")
  topic!: string;

  @Column("text")
  subject!: string;

  @Column("jsonb")
  payload!: Record<string, unknown>;

  @Column("timestamptz", { name: "created_at", default: () => "now()" })
  createdAt!: Date;
}
