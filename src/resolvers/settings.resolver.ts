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
export class ChoicesResolver {
  @Mutation(() => types.UpdateUserSettingsPayload, {
    description: "Changes somebody's settings: what the input leaves out stays.",
  })
  async updateUserSettings(
    @Arg("input", () => types.UpdateUserSettingsInput, { description: "Whose, and what." })
    input: types.UpdateUserSettingsInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ settings: UserSettings }> {
    return { settings: await services.settings.update(actor, input) };
  }

  @Mutation(() => types.SetCampaignStatePayload, {
    description: "Puts somebody into a campaign or takes them out of it.",
  })
  async setCampaignState(
    @Arg("input", () => types.SetCampaignStateInput, { description: "Who, where, and whether." })
    input: types.SetCampaignStateInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userCampaign: UserCampaign }> {
    return { userCampaign: await services.campaignMemberships.setState(actor, input) };
  }

  @Mutation(() => types.UpdateUserViewPayload, {
    description: "Selects a view for somebody, or no longer.",
  })
  async updateUserView(
    @Arg("input", () => types.UpdateUserViewInput, { description: "Who, which, and whether." })
    input: types.UpdateUserViewInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userView: UserView }> {
    return { userView: await services.userViews.update(actor, input) };
  }

  @Mutation(() => types.AddUserStatisticPayload, {
    description: "Lets somebody follow a key figure. Adding it again changes nothing.",
  })
  async addUserStatistic(
    @Arg("input", () => types.AddUserStatisticInput, { description: "Who, and which figure." })
    input: types.AddUserStatisticInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userStatistic: UserStatistic }> {
    return { userStatistic: await services.statistics.add(actor, input) };
  }

  @Mutation(() => types.RemoveUserStatisticPayload, {
    description: "Lets somebody no longer follow a key figure.",
  })
  async removeUserStatistic(
    @Arg("input", () => types.RemoveUserStatisticInput, { description: "Who, and which figure." })
    input: types.RemoveUserStatisticInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userStatistic: UserStatistic }> {
    return { userStatistic: await services.statistics.remove(actor, input) };
  }

  @Mutation(() => types.WatchUserStatisticPayload, {
    description: "Watches a key figure that somebody follows, or no longer.",
  })
  async watchUserStatistic(
    @Arg("input", () => types.WatchUserStatisticInput, { description: "Who, which, and whether." })
    input: types.WatchUserStatisticInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ userStatistic: UserStatistic }> {
    return { userStatistic: await services.statistics.watch(actor, input) };
  }

  @Mutation(() => types.RefreshTabPayload, {
    description: "Tells a browser tab to load afresh. A signal: nothing is kept but the audit.",
  })
  async refreshTab(
    @Arg("input", () => types.RefreshTabInput, { description: "Which tab." })
    input: types.RefreshTabInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ tabId: string }> {
    return { tabId: await services.tabs.refresh(actor, input) };
  }
}

@Resolver(() => UserCampaign)
export class UserCampaignResolver {
  @Batched
  @FieldResolver(() => Campaign, { description: "Which campaign." })
  campaign(@Root() memberships: UserCampaign[], @Ctx() { loaders }: Context): Promise<Campaign[]> {
    return required(loaders.campaignsById(memberships.map(({ campaignId }) => campaignId)));
  }
}

@Resolver(() => UserView)
export class UserViewResolver {
  @Batched
  @FieldResolver(() => View, { description: "Which view." })
  async view(@Root() choices: UserView[], @Ctx() { loaders }: Context): Promise<(View | null)[]> {
    const missing = choices.map(({ view, viewId }) => (view ? null : viewId));
    const loaded = await loadSome(missing, loaders.viewsById);
    return choices.map(({ view }, i) => view ?? loaded[i] ?? null);
  }
}
