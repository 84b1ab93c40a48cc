import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import { externalIdsOf } from "../../domain/external-ids.js";
import type { LivechatRole } from "../../domain/vocabulary.js";
import { Agent } from "../../entities/agent.entity.js";
import { UserCampaign } from "../../entities/campaign.entity.js";
import { LivechatRoleEnum } from "../../entities/enums.js";
import { Group } from "../../entities/group.entity.js";
import { Presence } from "../../entities/presence.entity.js";
import { UserSettings } from "../../entities/user-settings.entity.js";
import { UserStatistic } from "../../entities/user-statistic.entity.js";
import { User } from "../../entities/user.entity.js";
import { UserView } from "../../entities/view.entity.js";
import { Columns } from "../../entities/columns.js";
import { Batched } from "../../graphql/execution/batched.js";
import type { Connection } from "../shared/connection.js";
import { toConnection } from "../shared/connection.js";
import { PageArgs } from "../shared/paging.js";
import { required } from "../shared/required.js";
import { UserBy } from "./user-by.input.js";
import { ExternalId, UserConnection, UserFilter, UserOrder } from "./user.types.js";

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { nullable: true, description: "One user; null when it does not exist." })
  user(
    @Arg("by", () => UserBy, { description: "The user." }) by: UserBy,
    @Ctx() { actor, services, columns }: Context,
  ): Promise<User | null> {
    return services.users.find(actor, by, columns?.of(User));
  }

  @Query(() => UserConnection, { description: "Users, by username unless ordered otherwise." })
  async users(
    @Arg("filter", () => UserFilter, {
      nullable: true,
      description: "All given conditions must hold.",
    })
    filter: UserFilter | null | undefined,
    @Arg("orderBy", () => UserOrder, { nullable: true, description: "Default: by username." })
    orderBy: UserOrder | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { actor, services, columns }: Context,
  ): Promise<Connection<User>> {
    const users = await services.users.list(actor, { ...page, filter, orderBy, columns });
    return toConnection(UserConnection, users);
  }

  @Columns<User>("clientexecId", "rocketChatId", "jtelId", "jtelUid", "omnideskId")
  @FieldResolver(() => [ExternalId], {
    description: "The ids of the user in legacy systems.",
  })
  externalIds(@Root() user: User): ExternalId[] {
    return externalIdsOf(user).map((externalId) => Object.assign(new ExternalId(), externalId));
  }

  @Batched
  @FieldResolver(() => [Group], { description: "The groups of the user, by name." })
  groups(@Root() users: User[], @Ctx() { loaders }: Context): Promise<(readonly Group[])[]> {
    return loaders.groupsByUserId(users.map(idOf));
  }

  @Batched
  @FieldResolver(() => Agent, {
    nullable: true,
    description: "The agent; null unless the user has the role AGENT in live channels.",
  })
  agent(@Root() users: User[], @Ctx() { loaders }: Context): Promise<(Agent | null)[]> {
    return loaders.agentsByUserId(users.map(idOf));
  }

  @Batched
  @FieldResolver(() => [LivechatRoleEnum], { description: "The roles in live channels." })
  livechatRoles(@Root() users: User[], @Ctx() { loaders }: Context): Promise<LivechatRole[][]> {
    return loaders.livechatRolesByUserId(users.map(idOf));
  }

  @Batched
  @FieldResolver(() => Presence, { description: "The current presence." })
  presence(@Root() users: User[], @Ctx() { loaders }: Context): Promise<Presence[]> {
    return required(loaders.presencesByUserId(users.map(idOf)));
  }

  @Batched
  @FieldResolver(() => UserSettings, { description: "The user's settings." })
  settings(@Root() users: User[], @Ctx() { loaders }: Context): Promise<UserSettings[]> {
    return required(loaders.settingsByUserId(users.map(idOf)));
  }

  @Batched
  @FieldResolver(() => [UserCampaign], {
    description: "All campaigns of the user, including those it has left, by name.",
  })
  campaigns(
    @Root() users: User[],
    @Ctx() { loaders }: Context,
  ): Promise<(readonly UserCampaign[])[]> {
    return loaders.campaignsByUserId(users.map(idOf));
  }

  @Batched
  @FieldResolver(() => [UserView], {
    description: "Every view of the catalogue, and whether the user selected it.",
  })
  views(
    @Root() users: User[],
    @Arg("search", () => String, {
      nullable: true,
      description: "Only views whose name contains this text, case-insensitive.",
    })
    search: string | null | undefined,
    @Ctx() { loaders }: Context,
  ): Promise<UserView[][]> {
    return loaders.viewsByUserId(users.map(idOf), search ?? "");
  }

  @Batched
  @FieldResolver(() => [UserStatistic], { description: "The key figures that the user has added." })
  statistics(
    @Root() users: User[],
    @Ctx() { loaders }: Context,
  ): Promise<(readonly UserStatistic[])[]> {
    return loaders.statisticsByUserId(users.map(idOf));
  }
}

const idOf = ({ id }: User): number => id;
