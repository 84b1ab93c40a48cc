import { Arg, Ctx, Mutation, Query, Resolver } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { Campaign } from "../entities/campaign.entity.js";
import { Group } from "../entities/group.entity.js";
import { Status } from "../entities/status.entity.js";
import { View } from "../entities/view.entity.js";
import * as types from "./catalogue.types.js";

/** The catalogues of statuses, groups, campaigns and views, and their maintenance. */
@Resolver()
export class CatalogueResolver {
  @Query(() => [Status], { description: "Every status, by position." })
  statuses(@Ctx() { actor, services }: Context): Promise<Status[]> {
    return services.catalogue.statuses(actor);
  }

  @Query(() => [Group], { description: "Every group, by name." })
  groups(@Ctx() { actor, services }: Context): Promise<Group[]> {
    return services.catalogue.groups(actor);
  }

  @Query(() => [Campaign], { description: "Every campaign, by name." })
  campaigns(@Ctx() { actor, services }: Context): Promise<Campaign[]> {
    return services.catalogue.campaigns(actor);
  }

  @Query(() => [View], { description: "Every view, by id." })
  views(@Ctx() { actor, services }: Context): Promise<View[]> {
    return services.catalogue.views(actor);
  }

  @Mutation(() => types.CreateStatusPayload, { description: "Adds a status to the catalogue." })
  async createStatus(
    @Arg("input", () => types.CreateStatusInput, { description: "The status." })
    input: types.CreateStatusInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ status: Status }> {
    return { status: await services.catalogue.createStatus(actor, input) };
  }

  @Mutation(() => types.UpdateStatusPayload, {
    description:
      "Changes the name, colour, position or selectability of a status. Its class never changes.",
  })
  async updateStatus(
    @Arg("input", () => types.UpdateStatusInput, { description: "The status and its changes." })
    input: types.UpdateStatusInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ status: Status }> {
    return { status: await services.catalogue.updateStatus(actor, input) };
  }

  @Mutation(() => types.CreateGroupPayload, { description: "Adds a group." })
  async createGroup(
    @Arg("input", () => types.CreateGroupInput, { description: "The group." })
    input: types.CreateGroupInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ group: Group }> {
    return { group: await services.catalogue.createGroup(actor, input) };
  }

  @Mutation(() => types.UpdateGroupPayload, { description: "Renames a group." })
  async updateGroup(
    @Arg("input", () => types.UpdateGroupInput, { description: "The id and the new name." })
    input: types.UpdateGroupInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ group: Group }> {
    return { group: await services.catalogue.updateGroup(actor, input) };
  }

  @Mutation(() => types.CreateCampaignPayload, { description: "Adds a campaign." })
  async createCampaign(
    @Arg("input", () => types.CreateCampaignInput, { description: "The campaign." })
    input: types.CreateCampaignInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ campaign: Campaign }> {
    return { campaign: await services.catalogue.createCampaign(actor, input) };
  }

  @Mutation(() => types.UpdateCampaignPayload, { description: "Renames a campaign." })
  async updateCampaign(
    @Arg("input", () => types.UpdateCampaignInput, { description: "The id and the new name." })
    input: types.UpdateCampaignInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ campaign: Campaign }> {
    return { campaign: await services.catalogue.updateCampaign(actor, input) };
  }

  @Mutation(() => types.CreateViewPayload, { description: "Adds a view." })
  async createView(
    @Arg("input", () => types.CreateViewInput, { description: "The view." })
    input: types.CreateViewInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ view: View }> {
    return { view: await services.catalogue.createView(actor, input) };
  }

  @Mutation(() => types.UpdateViewPayload, { description: "Renames a view." })
  async updateView(
    @Arg("input", () => types.UpdateViewInput, { description: "The id and the new name." })
    input: types.UpdateViewInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ view: View }> {
    return { view: await services.catalogue.updateView(actor, input) };
  }
}
