import { Field, ID, InputType, Int } from "type-graphql";
import type { StatusClass } from "../domain/vocabulary.js";
import { Campaign } from "../entities/campaign.entity.js";
import { StatusClassEnum } from "../entities/enums.js";
import { Group } from "../entities/group.entity.js";
import { Status } from "../entities/status.entity.js";
import { View } from "../entities/view.entity.js";
import { payloadType } from "./shared/payload.js";

@InputType({ description: "Input of `createStatus`." })
export class CreateStatusInput {
  @Field(() => String, { description: "1 to 100 characters; unique." })
  name!: string;

  @Field(() => StatusClassEnum, {
    description: "What the status means for routing; never changes.",
  })
  class!: StatusClass;

  @Field(() => String, { nullable: true, description: "A colour such as #2e7d32. Default: grey." })
  color?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether users can select it. Default: true.",
  })
  selectable?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: "The position in lists, 0 to 10,000. Default: 100.",
  })
  position?: number | null;
}

@InputType({ description: "Input of `updateStatus`; omitted fields stay unchanged." })
export class UpdateStatusInput {
  @Field(() => Int, { description: "The status." })
  id!: number;

  @Field(() => String, { nullable: true, description: "1 to 100 characters; unique." })
  name?: string;

  @Field(() => String, { nullable: true, description: "A colour such as #2e7d32." })
  color?: string;

  @Field(() => Boolean, { nullable: true, description: "Whether users can select it." })
  selectable?: boolean;

  @Field(() => Int, { nullable: true, description: "The position in lists, 0 to 10,000." })
  position?: number;
}

@InputType({ description: "Input of `createGroup`." })
export class CreateGroupInput {
  @Field(() => String, { description: "1 to 100 characters; unique." })
  name!: string;
}

@InputType({ description: "Input of `updateGroup`." })
export class UpdateGroupInput extends CreateGroupInput {
  @Field(() => ID, { description: "The group." })
  id!: string;
}

@InputType({ description: "Input of `createCampaign`." })
export class CreateCampaignInput {
  @Field(() => String, { description: "1 to 100 letters, digits, _ and -; unique." })
  name!: string;
}

@InputType({ description: "Input of `updateCampaign`." })
export class UpdateCampaignInput extends CreateCampaignInput {
  @Field(() => ID, { description: "The campaign." })
  id!: string;
}

@InputType({ description: "Input of `createView`." })
export class CreateViewInput {
  @Field(() => String, { description: "1 to 100 characters; unique." })
  name!: string;
}

@InputType({ description: "Input of `updateView`." })
export class UpdateViewInput extends CreateViewInput {
  @Field(() => ID, { description: "The view." })
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
