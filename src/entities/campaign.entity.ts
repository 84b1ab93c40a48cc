import { Field, ObjectType } from "type-graphql";
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from "typeorm";
import { toGlobalId } from "../domain/global-id.js";
import { Node } from "./node.js";
import { User } from "./user.entity.js";

@Entity("campaigns")
@Index("campaigns_name_key", { synchronize: false })
@Check("campaigns_name_check", `name ~ '^[a-zA-Z0-9_-]+$'`)
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "A campaign that users take part in.",
})
export class Campaign extends Node {
  override get globalId(): string {
    return toGlobalId("Campaign", this.id);
  }

  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "BY DEFAULT",
    primaryKeyConstraintName: "campaigns_pkey",
  })
  id!: number;

  @Field(() => String, {
    description: "Only letters, digits, _ and -; unique, case-insensitive.",
  })
  @Column("text")
  name!: string;
}

@Entity("user_campaigns")
@Index("user_campaigns_campaign_id_idx", ["campaignId"])
@ObjectType({ simpleResolvers: true, description: "The membership of a user in a campaign." })
export class UserCampaign {
  @PrimaryColumn("integer", { name: "user_id", primaryKeyConstraintName: "user_campaigns_pkey" })
  userId!: number;

  @PrimaryColumn("integer", {
    name: "campaign_id",
    primaryKeyConstraintName: "user_campaigns_pkey",
  })
  campaignId!: number;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "user_campaigns_user_id_fkey" })
  user?: Relation<User>;

  @ManyToOne(() => Campaign, { onDelete: "CASCADE" })
  @JoinColumn({ name: "campaign_id", foreignKeyConstraintName: "user_campaigns_campaign_id_fkey" })
  campaign?: Relation<Campaign>;

  @Field(() => Boolean, { description: "Whether the user currently takes part." })
  @Column("boolean")
  active!: boolean;
}
