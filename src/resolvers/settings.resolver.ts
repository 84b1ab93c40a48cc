import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { Campaign, UserCampaign } from "../entities/campaign.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { UserStatistic } from "../entities/user-statistic.entity.js";
import { UserView, View } from "../entities/view.entity.js";
import { loadSome } from "../loaders/key-order.js";
import { Batched } from "../graphql/execution/batched.js";
import * as types from "./settings.types.js";
import { required } from "./shared/required.js";

@Resolver()
export class SettingsResolver {
  @Mutation(() => types.UpdateUserSettingsPayload, {
    description: "Changes a user's settings; omitted settings stay unchanged.",
  })
  async updateUserSettings(
    @Arg("input", () => types.UpdateUserSettingsInput, {
      description: "The user and the settings.",
    })
    input: types.UpdateUserSettingsInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ settings: UserSettings }> {
    return { settings: await services.settings.update(actor, input) };
  }

  @Mutation(() => types.SetCampaignStatePayload, {
    description: "Adds a user to a campaign or removes them from it.",
  })
  async setCampaignState(
    @Arg("input", () => types.SetCampaignStateInput, {
      description: "The user, the campaign and the new state.",
    })
    input: types.SetCampaignStateInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userCampaign: UserCampaign }> {
    return { userCampaign: await services.campaignMemberships.setState(actor, input) };
  }

  @Mutation(() => types.UpdateUserViewPayload, {
    description: "Selects or deselects a view for a user.",
  })
  async updateUserView(
    @Arg("input", () => types.UpdateUserViewInput, {
      description: "The user, the view and the new state.",
    })
    input: types.UpdateUserViewInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userView: UserView }> {
    return { userView: await services.userViews.update(actor, input) };
  }

  @Mutation(() => types.AddUserStatisticPayload, {
    description: "Adds a key figure to a user's statistics. Repeating it changes nothing.",
  })
  async addUserStatistic(
    @Arg("input", () => types.AddUserStatisticInput, { description: "The user and the figure." })
    input: types.AddUserStatisticInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userStatistic: UserStatistic }> {
    return { userStatistic: await services.statistics.add(actor, input) };
  }

  @Mutation(() => types.RemoveUserStatisticPayload, {
    description: "Removes a key figure from a user's statistics.",
  })
  async removeUserStatistic(
    @Arg("input", () => types.RemoveUserStatisticInput, { description: "The user and the figure." })
    input: types.RemoveUserStatisticInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userStatistic: UserStatistic }> {
    return { userStatistic: await services.statistics.remove(actor, input) };
  }

  @Mutation(() => types.WatchUserStatisticPayload, {
    description: "Sets whether one of a user's key figures is watched.",
  })
  async watchUserStatistic(
    @Arg("input", () => types.WatchUserStatisticInput, {
      description: "The user, the figure and the new state.",
    })
    input: types.WatchUserStatisticInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userStatistic: UserStatistic }> {
    return { userStatistic: await services.statistics.watch(actor, input) };
  }

  @Mutation(() => types.RefreshTabPayload, {
    description: "Signals a browser tab to reload. Nothing is stored except the audit record.",
  })
  async refreshTab(
    @Arg("input", () => types.RefreshTabInput, { description: "The tab." })
    input: types.RefreshTabInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ tabId: string }> {
    return { tabId: await services.tabs.refresh(actor, input) };
  }
}

@Resolver(() => UserCampaign)
export class UserCampaignResolver {
  @Batched
  @FieldResolver(() => Campaign, { description: "The campaign." })
  campaign(@Root() memberships: UserCampaign[], @Ctx() { loaders }: Context): Promise<Campaign[]> {
    return required(loaders.campaignsById(memberships.map(({ campaignId }) => campaignId)));
  }
}

@Resolver(() => UserView)
export class UserViewResolver {
  @Batched
  @FieldResolver(() => View, { description: "The view." })
  async view(@Root() choices: UserView[], @Ctx() { loaders }: Context): Promise<(View | null)[]> {
    const missing = choices.map(({ view, viewId }) => (view ? null : viewId));
    const loaded = await loadSome(missing, loaders.viewsById);
    return choices.map(({ view }, i) => view ?? loaded[i] ?? null);
  }
}
