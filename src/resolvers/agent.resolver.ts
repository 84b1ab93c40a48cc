import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { freeSlots } from "../domain/reservation.js";
import { Agent } from "../entities/agent.entity.js";
import { Reservation } from "../entities/reservation.entity.js";
import { User } from "../entities/user.entity.js";
import * as types from "./agent.types.js";
import { Batched } from "../graphql/execution/batched.js";
import { type Connection, toConnection } from "./shared/connection.js";
import { PageArgs } from "./shared/paging.js";
import { required } from "./shared/required.js";
import { UserBy } from "./users/user-by.input.js";

@Resolver(() => Agent)
export class AgentResolver {
  @Query(() => Agent, {
    nullable: true,
    description: "One agent; null when the user is not an agent.",
  })
  agent(
    @Arg("by", () => UserBy, { description: "The user." }) by: UserBy,
    @Ctx() { actor, services }: Context,
  ): Promise<Agent | null> {
    return services.agents.find(actor, by);
  }

  @Query(() => types.AgentConnection, {
    description: "Agents, by username unless ordered otherwise.",
  })
  async agents(
    @Arg("filter", () => types.AgentFilter, {
      nullable: true,
      description: "All given conditions must hold.",
    })
    filter: types.AgentFilter | null | undefined,
    @Arg("orderBy", () => types.AgentOrder, {
      nullable: true,
      description: "Default: by username.",
    })
    orderBy: types.AgentOrder | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { actor, services, columns }: Context,
  ): Promise<Connection<Agent>> {
    const agents = await services.agents.list(actor, { ...page, filter, orderBy, columns });
    return toConnection(types.AgentConnection, agents);
  }

  @Mutation(() => types.RegisterAgentPayload, {
    description: "Gives a user a role in live channels. Repeating it changes nothing.",
  })
  async registerAgent(
    @Arg("input", () => types.RegisterAgentInput, { description: "The user and the role." })
    input: types.RegisterAgentInput,
    @Ctx() { actor, services, loaders }: Context,
  ): Promise<{ user: User; agent: Agent | null }> {
    const user = await services.agents.register(actor, input);
    const [agent = null] = await loaders.agentsByUserId([user.id]);
    return { user, agent };
  }

  @Mutation(() => types.RemoveAgentPayload, {
    description: "Removes a role in live channels. The user stays.",
  })
  async removeAgent(
    @Arg("input", () => types.RemoveAgentInput, { description: "The user and the role." })
    input: types.RemoveAgentInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ user: User }> {
    return { user: await services.agents.remove(actor, input) };
  }

  @Mutation(() => types.SetAgentAvailabilityPayload, {
    description:
      "Includes an agent in live channels or excludes them, independently of the status.",
  })
  async setAgentAvailability(
    @Arg("input", () => types.SetAgentAvailabilityInput, {
      description: "The agent and the availability.",
    })
    input: types.SetAgentAvailabilityInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ agent: Agent }> {
    return { agent: await services.agents.setAvailability(actor, input) };
  }

  @Batched
  @FieldResolver(() => User, { description: "The user in this role." })
  user(@Root() agents: Agent[], @Ctx() { loaders }: Context): Promise<User[]> {
    return required(loaders.usersById(agents.map(userIdOf)));
  }

  @Batched
  @FieldResolver(() => Int, {
    description: "The maximum number of concurrent chats, from the user's settings.",
  })
  async maxChats(@Root() agents: Agent[], @Ctx() { loaders }: Context): Promise<number[]> {
    const settings = await required(loaders.settingsByUserId(agents.map(userIdOf)));
    return settings.map(({ maxChats }) => maxChats);
  }

  @Batched
  @FieldResolver(() => [Reservation], {
    description: "The reservations that occupy a slot, oldest first.",
  })
  activeReservations(
    @Root() agents: Agent[],
    @Ctx() { loaders }: Context,
  ): Promise<(readonly Reservation[])[]> {
    return loaders.activeReservationsByUserId(agents.map(userIdOf));
  }

  @Batched
  @FieldResolver(() => Int, {
    description:
      "How many more chats the agent can take: `maxChats` minus the active reservations.",
  })
  async freeSlots(@Root() agents: Agent[], @Ctx() { loaders }: Context): Promise<number[]> {
    const ids = agents.map(userIdOf);
    const [settings, reservations] = await Promise.all([
      required(loaders.settingsByUserId(ids)),
      loaders.activeReservationsByUserId(ids),
    ]);
    return settings.map(({ maxChats }, i) =>
      freeSlots({ maxChats, activeReservations: reservations[i]?.length ?? 0 }),
    );
  }
}

const userIdOf = ({ userId }: Agent): number => userId;
