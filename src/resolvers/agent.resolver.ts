import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../context.js";
import { Agent } from "../entities/agent.entity.js";
import { Reservation } from "../entities/reservation.entity.js";
import { User } from "../entities/user.entity.js";
import * as types from "./agent.types.js";
import { type Connection, toConnection } from "./connection.js";
import { PageArgs } from "./paging.js";
import { required } from "./required.js";
import { UserBy } from "./user-by.input.js";

@Resolver(() => Agent)
export class AgentResolver {
  @Query(() => Agent, { nullable: true, description: "One agent; null when the person is none." })
  agent(
    @Arg("by", () => UserBy, { description: "Which person." }) by: UserBy,
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
      description: "All parts must be true.",
    })
    filter: types.AgentFilter | null | undefined,
    @Arg("orderBy", () => types.AgentOrder, {
      nullable: true,
      description: "Without it: by username.",
    })
    orderBy: types.AgentOrder | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { actor, services }: Context,
  ): Promise<Connection<Agent>> {
    const agents = await services.agents.list(actor, { ...page, filter, orderBy });
    return toConnection(types.AgentConnection, agents);
  }

  @Mutation(() => types.RegisterAgentPayload, {
    description: "Gives somebody a role in live channels. Giving it again changes nothing.",
  })
  async registerAgent(
    @Arg("input", () => types.RegisterAgentInput, { description: "Who, and which role." })
    input: types.RegisterAgentInput,
    @Ctx() { actor, services, loaders }: Context,
  ): Promise<{ user: User; agent: Agent | null }> {
    const user = await services.agents.register(actor, input);
    return { user, agent: await loaders.agentByUserId.load(user.id) };
  }

  @Mutation(() => types.RemoveAgentPayload, {
    description: "Takes a role in live channels away. The user stays.",
  })
  async removeAgent(
    @Arg("input", () => types.RemoveAgentInput, { description: "Who, and which role." })
    input: types.RemoveAgentInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ user: User }> {
    return { user: await services.agents.remove(actor, input) };
  }

  @Mutation(() => types.SetAgentAvailabilityPayload, {
    description:
      "Takes an agent into live channels or out of them, whatever the status of the moment.",
  })
  async setAgentAvailability(
    @Arg("input", () => types.SetAgentAvailabilityInput, { description: "Who, and whether." })
    input: types.SetAgentAvailabilityInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ agent: Agent }> {
    return { agent: await services.agents.setAvailability(actor, input) };
  }

  @FieldResolver(() => User, { description: "The person in this role." })
  user(@Root() { userId }: Agent, @Ctx() { loaders }: Context): Promise<User> {
    return required(loaders.userById.load(userId));
  }

  @FieldResolver(() => Int, {
    description: "How many chats at a time, from the person's settings.",
  })
  async maxChats(@Root() { userId }: Agent, @Ctx() { loaders }: Context): Promise<number> {
    return (await required(loaders.settingsByUserId.load(userId))).maxChats;
  }

  @FieldResolver(() => [Reservation], { description: "Those that occupy a slot, oldest first." })
  activeReservations(
    @Root() { userId }: Agent,
    @Ctx() { loaders }: Context,
  ): Promise<Reservation[]> {
    return loaders.activeReservationsByUserId.load(userId);
  }

  @FieldResolver(() => Int, {
    description: "How many more chats fit: `maxChats` less the active reservations.",
  })
  async freeSlots(@Root() { userId }: Agent, @Ctx() { loaders }: Context): Promise<number> {
    const [settings, reservations] = await Promise.all([
      required(loaders.settingsByUserId.load(userId)),
      loaders.activeReservationsByUserId.load(userId),
    ]);
    return Math.max(0, settings.maxChats - reservations.length);
  }
}
