import { Field, ID, InputType, Int } from "type-graphql";
import type { StatusClass } from "../domain/vocabulary.js";
import { Campaign } from "../entities/campaign.entity.js";
import { StatusClassEnum } from "../entities/enums.js";
import { Group } from "../entities/group.entity.js";
import { Status } from "../entities/status.entity.js";
import { View } from "../entities/view.entity.js";
import { payloadType } from "./shared/payload.js";

@InputType({ description: "What `createStatus` needs." })
export class CreateStatusInput {
  @Field(() => String, { description: "1 to 100 characters; unique." })
  name!: string;

  @Field(() => StatusClassEnum, { description: "What it means for routing; can never be changed." })
  class!: StatusClass;

  @Field(() => String, { nullable: true, description: "Such as #2e7d32. Without it: a grey." })
  color?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether people may choose it. Without it: true.",
  })
  selectable?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: "Where it stands, 0 to 10,000. Without it: 100.",
  })
  position?: number | null;
}

@InputType({ description: "What `updateStatus` needs; what is left out stays." })
export class UpdateStatusInput {
  @Field(() => Int, { description: "Which status." })
  id!: number;

  @Field(() => String, { nullable: true, description: "1 to 100 characters; unique." })
  name?: string;

  @Field(() => String, { nullable: true, description: "Such as #2e7d32." })
  color?: string;

  @Field(() => Boolean, { nullable: true, description: "Whether people may choose it." })
  selectable?: boolean;

  @Field(() => Int, { nullable: true, description: "Where it stands, 0 to 10,000." })
  position?: number;
}

@InputType({ description: "What `createGroup` needs." })
export class CreateGroupInput {
  @Field(() => String, { description: "1 to 100 characters; unique." })
  name!: string;
}

@InputType({ description: "What `updateGroup` needs." })
export class UpdateGroupInput extends CreateGroupInput {
  @Field(() => ID, { description: "Which group." })
  id!: string;
}

@InputType({ description: "What `createCampaign` needs." })
export class CreateCampaignInput {
  @Field(() => String, { description: "1 to 100 letters, digits, _ and -; unique." })
  name!: string;
}

@InputType({ description: "What `updateCampaign` needs." })
export class UpdateCampaignInput extends CreateCampaignInput {
  @Field(() => ID, { description: "Which campaign." })
  id!: string;
}

@InputType({ description: "What `createView` needs." })
export class CreateViewInput {
  @Field(() => String, { description: "1 to 100 characters; unique." })
  name!: string;
}

@InputType({ description: "What `updateView` needs." })
export class UpdateViewInput extends CreateViewInput {
  @Field(() => ID, { description: "Which view." })
  id!: string;
}

const status = { type: () => Status, description: "The status." };
const group = { type: () => Group, description: "The group." };
const campaign = { type: () => Campaign, description: "The campaign." };
const view = { type: () => View, description: "The view." };

export const CreateStatusPayload = payloadType("CreateStatus", { status });
export const UpdateStatusPayload = payloadType("UpdateStatus", { status });
export const CreateGroupPayload = payloadType("CreateGroup", { group });
export const UpdateGroupPayload = payloadType("UpdateGroup", { group });
export const CreateCampaignPayload = payloadType("CreateCampaign", { campaign });
export const UpdateCampaignPayload = payloadType("UpdateCampaign", { campaign });
export const CreateViewPayload = payloadType("CreateView", { view });
export const UpdateViewPayload = payloadType("UpdateView", { view });
