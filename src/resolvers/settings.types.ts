import { Field, ID, InputType, Int } from "type-graphql";
import { UserCampaign } from "../entities/campaign.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { UserStatistic } from "../entities/user-statistic.entity.js";
import { UserView } from "../entities/view.entity.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./users/user-by.input.js";

@InputType({ description: "Input of `updateUserSettings`; omitted settings stay unchanged." })
export class UpdateUserSettingsInput {
  @Field(() => UserBy, { description: "The user." })
  user!: UserBy;

  @Field(() => Int, {
    nullable: true,
    description: "The maximum number of concurrent chats, 0 to 1000.",
  })
  maxChats?: number;

  @Field(() => Boolean, { nullable: true, description: "Whether a new message makes a sound." })
  chatSoundNewMessage?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether assigned tickets cause a notification.",
  })
  notifyOnTicketAssignment?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether the user browses tickets unseen. Requires USER_ANONYMOUS_BROWSING_UPDATE instead, unless the user is the caller.",
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

@InputType({ description: "Input of `setCampaignState`." })
export class SetCampaignStateInput {
  @Field(() => UserBy, { description: "The user." })
  user!: UserBy;

  @Field(() => String, { description: "The name of the campaign, case-insensitive." })
  campaign!: string;

  @Field(() => Boolean, { description: "Whether the user takes part." })
  active!: boolean;
}

@InputType({ description: "Input of `updateUserView`." })
export class UpdateUserViewInput {
  @Field(() => UserBy, { description: "The user." })
  user!: UserBy;

  @Field(() => ID, { description: "The view." })
  viewId!: string;

  @Field(() => Boolean, { description: "Whether the view is selected." })
  selected!: boolean;
}

@InputType({ description: "Input of `addUserStatistic`." })
export class AddUserStatisticInput {
  @Field(() => UserBy, { description: "The user." })
  user!: UserBy;

  @Field(() => String, { description: "The name of the figure: letters and _ only." })
  statistic!: string;

  @Field(() => String, {
    nullable: true,
    description: "An option of the figure: letters and digits.",
  })
  primaryOption?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "A second option of the figure: letters and digits.",
  })
  secondaryOption?: string | null;
}

@InputType({ description: "Input of `removeUserStatistic`: the figure as it was added." })
export class RemoveUserStatisticInput extends AddUserStatisticInput {}

@InputType({ description: "Input of `watchUserStatistic`: the figure as it was added." })
export class WatchUserStatisticInput extends AddUserStatisticInput {
  @Field(() => Boolean, { description: "Whether the figure is watched." })
  watched!: boolean;
}

@InputType({ description: "Input of `refreshTab`." })
export class RefreshTabInput {
  @Field(() => String, { description: "The browser tab: 1 to 100 letters, digits and _." })
  tabId!: string;
}

const userStatistic = {
  type: () => UserStatistic,
  description: "The figure after the change, or before its removal.",
};

export const UpdateUserSettingsPayload = payloadType("UpdateUserSettings", {
  settings: { type: () => UserSettings, description: "All settings after the change." },
});
export const SetCampaignStatePayload = payloadType("SetCampaignState", {
  userCampaign: { type: () => UserCampaign, description: "The user's state in the campaign." },
});
export const UpdateUserViewPayload = payloadType("UpdateUserView", {
  userView: { type: () => UserView, description: "The user's state of the view after the change." },
});
export const AddUserStatisticPayload = payloadType("AddUserStatistic", { userStatistic });
export const RemoveUserStatisticPayload = payloadType("RemoveUserStatistic", { userStatistic });
export const WatchUserStatisticPayload = payloadType("WatchUserStatistic", { userStatistic });
export const RefreshTabPayload = payloadType("RefreshTab", {
  tabId: { type: () => String, description: "The signalled tab." },
});
