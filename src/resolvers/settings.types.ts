import { Field, ID, InputType, Int } from "type-graphql";
import { UserCampaign } from "../entities/campaign.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { UserStatistic } from "../entities/user-statistic.entity.js";
import { UserView } from "../entities/view.entity.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./user-by.input.js";

@InputType({ description: "What `updateUserSettings` needs; settings that are left out stay." })
export class UpdateUserSettingsInput {
  @Field(() => UserBy, { description: "Whose settings." })
  user!: UserBy;

  @Field(() => Int, { nullable: true, description: "0 to 1000." })
  maxChats?: number;

  @Field(() => Boolean, { nullable: true, description: "Whether a new message makes a sound." })
  chatSoundNewMessage?: boolean;

  @Field(() => Boolean, { nullable: true, description: "Whether to be told of assigned tickets." })
  notifyOnTicketAssignment?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether tickets are browsed unseen. Needs USER_ANONYMOUS_BROWSING_UPDATE instead, or to be about the signed-in user.",
  })
  ticketIncognitoMode?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether calls are answered without a click.",
  })
  callsAutoAnswer?: boolean;

  @Field(() => Boolean, { nullable: true, description: "Whether telephone calls are forwarded." })
  telephoneCallsForwarding?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether voice mail is read in the browser.",
  })
  useWebMail?: boolean;

  @Field(() => Boolean, { nullable: true, description: "Whether e-mail is read in the browser." })
  useWebEmail?: boolean;
}

@InputType({ description: "What `setCampaignState` needs." })
export class SetCampaignStateInput {
  @Field(() => UserBy, { description: "Who." })
  user!: UserBy;

  @Field(() => String, { description: "The campaign's name, in any case of letters." })
  campaign!: string;

  @Field(() => Boolean, { description: "Whether to take part." })
  active!: boolean;
}

@InputType({ description: "What `updateUserView` needs." })
export class UpdateUserViewInput {
  @Field(() => UserBy, { description: "Who." })
  user!: UserBy;

  @Field(() => ID, { description: "Which view." })
  viewId!: string;

  @Field(() => Boolean, { description: "Whether to select it." })
  selected!: boolean;
}

@InputType({ description: "What `addUserStatistic` needs." })
export class AddUserStatisticInput {
  @Field(() => UserBy, { description: "Who follows it." })
  user!: UserBy;

  @Field(() => String, { description: "Which figure: letters and _ only." })
  statistic!: string;

  @Field(() => String, {
    nullable: true,
    description: "What to narrow it down to: letters and digits.",
  })
  primaryOption?: string | null;

  @Field(() => String, { nullable: true, description: "A second narrowing: letters and digits." })
  secondaryOption?: string | null;
}

@InputType({ description: "What `removeUserStatistic` needs: the figure as it was added." })
export class RemoveUserStatisticInput extends AddUserStatisticInput {}

@InputType({ description: "What `watchUserStatistic` needs: the figure as it was added." })
export class WatchUserStatisticInput extends AddUserStatisticInput {
  @Field(() => Boolean, { description: "Whether to watch it." })
  watched!: boolean;
}

@InputType({ description: "What `refreshTab` needs." })
export class RefreshTabInput {
  @Field(() => String, { description: "Which browser tab: 1 to 100 letters, digits and _." })
  tabId!: string;
}

const userStatistic = { type: () => UserStatistic, description: "The figure, as it is or was." };

export const UpdateUserSettingsPayload = payloadType("UpdateUserSettings", {
  settings: { type: () => UserSettings, description: "All settings after the change." },
});
export const SetCampaignStatePayload = payloadType("SetCampaignState", {
  userCampaign: { type: () => UserCampaign, description: "The person's part in the campaign." },
});
export const UpdateUserViewPayload = payloadType("UpdateUserView", {
  userView: { type: () => UserView, description: "The view as the person has it now." },
});
export const AddUserStatisticPayload = payloadType("AddUserStatistic", { userStatistic });
export const RemoveUserStatisticPayload = payloadType("RemoveUserStatistic", { userStatistic });
export const WatchUserStatisticPayload = payloadType("WatchUserStatistic", { userStatistic });
export const RefreshTabPayload = payloadType("RefreshTab", {
  tabId: { type: () => String, description: "The tab that was told." },
});
