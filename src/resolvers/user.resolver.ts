import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { externalIdsOf } from "../domain/external-ids.js";
import type { LivechatRole } from "../domain/vocabulary.js";
import { Agent } from "../entities/agent.entity.js";
import { UserCampaign } from "../entities/campaign.entity.js";
import { LivechatRoleEnum } from "../entities/enums.js";
import { Group } from "../entities/group.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { UserStatistic } from "../entities/user-statistic.entity.js";
import { User } from "../entities/user.entity.js";
import { UserView } from "../entities/view.entity.js";
import type { Properties } from "../database/table.js";
import { Batched } from "../graphql/execution/batched.js";
import type { Connection } from "./shared/connection.js";
import { toConnection } from "./shared/connection.js";
import { PageArgs } from "./shared/paging.js";
import { required } from "./shared/required.js";
import { UserBy } from "./user-by.input.js";
import { Wanted } from "../graphql/execution/wanted.js";
import { ExternalId, UserConnection, UserFilter, UserOrder } from "./user.types.js";

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { nullable: true, description: "One person; null when there is none." })
  user(
    @Arg("by", () => UserBy, { description: "Which person." }) by: UserBy,
    @Ctx() { actor, services }: Context,
    @Wanted() wanted?: Properties,
  ): Promise<User | null> {
    return services.users.find(actor, by, wanted);
  }

  @Query(() => UserConnection, { description: "People, by username unless ordered otherwise." })
  async users(
    @Arg("filter", () => UserFilter, { nullable: true, description: "All parts must be true." })
    filter: UserFilter | null | undefined,
    @Arg("orderBy", () => UserOrder, { nullable: true, description: "Without it: by username." })
    orderBy: UserOrder | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { actor, services }: Context,
    @Wanted() wanted?: Properties,
  ): Promise<Connection<User>> {
    const found = await services.users.list(actor, { ...page, filter, orderBy, wanted });
    return toConnection(UserConnection, found);
  }

  @FieldResolver(() => [ExternalId], {
    description: "The ids by which the old systems know the person.",
  })
  externalIds(@Root() user: User): ExternalId[] {
    return externalIdsOf(user).map((externalId) => Object.assign(new ExternalId(), externalId));
  }

  @Batched
  @FieldResolver(() => [Group], { description: "The groups that the person belongs to, by name." })
  groups(
    @Root() users: User[],
    @Ctx() { loaders }: Context,
    @Wanted() wanted?: Properties,
  ): Promise<(readonly Group[])[]> {
    return loaders.groupsByUserId(users.map(idOf), wanted);
  }

  @Batched
  @FieldResolver(() => Agent, {
    nullable: true,
    description: "The working role in live channels; null unless the person holds the role AGENT.",
  })
  agent(
    @Root() users: User[],
    @Ctx() { loaders }: Context,
    @Wanted() wanted?: Properties,
  ): Promise<(Agent | null)[]> {
    return loaders.agentsByUserId(users.map(idOf), wanted);
  }

  @Batched
  @FieldResolver(() => [LivechatRoleEnum], { description: "The roles in live channels." })
  livechatRoles(@Root() users: User[], @Ctx() { loaders }: Context): Promise<LivechatRole[][]> {
    return loaders.livechatRolesByUserId(users.map(idOf));
  }

  @Batched
  @FieldResolver(() => Presence, { description: "What the person is doing now." })
  presence(
    @Root() users: User[],
    @Ctx() { loaders }: Context,
    @Wanted() wanted?: Properties,
  ): Promise<Presence[]> {
    return required(loaders.presencesByUserId(users.map(idOf), wanted));
  }

  @Batched
  @FieldResolver(() => UserSettings, { description: "What the person has set." })
  settings(
    @Root() users: User[],
    @Ctx() { loaders }: Context,
    @Wanted() wanted?: Properties,
  ): Promise<UserSettings[]> {
    return required(loaders.settingsByUserId(users.map(idOf), wanted));
  }

  @Batched
  @FieldResolver(() => [UserCampaign], {
    description: "The campaigns that the person was ever put into, active or not, by name.",
  })
  campaigns(
    @Root() users: User[],
    @Ctx() { loaders }: Context,
  ): Promise<(readonly UserCampaign[])[]> {
    return loaders.campaignsByUserId(users.map(idOf));
  }

  @Batched
  @FieldResolver(() => [UserView], {
    description: "Every view of the catalogue, with whether the person selected it.",
  })
  views(
    @Root() users: User[],
    @Arg("search", () => String, {
      nullable: true,
      description: "Only views whose name holds this, in any case of letters.",
    })
    search: string | null | undefined,
    @Ctx() { loaders }: Context,
  ): Promise<UserView[][]> {
    return loaders.viewsByUserId(users.map(idOf), search ?? "");
  }

  @Batched
  @FieldResolver(() => [UserStatistic], { description: "The key figures that the person follows." })
  statistics(
    @Root() users: User[],
    @Ctx() { loaders }: Context,
  ): Promise<(readonly UserStatistic[])[]> {
    return loaders.statisticsByUserId(users.map(idOf));
  }
}

const idOf = ({ id }: User): number => id;
