import type { EntityManager } from "typeorm";
import { Campaign, UserCampaign } from "../entities/campaign.entity.js";
import { Group, GroupMember } from "../entities/group.entity.js";
import { UserView, View } from "../entities/view.entity.js";
import { demoCampaigns } from "./campaigns.js";
import { demoGroups } from "./groups.js";
import { demoUserId } from "./user-rows.js";
import { demoViews } from "./views.js";

const numbered = (rows: readonly { readonly name: string }[]) =>
  rows.map(({ name }, position) => ({ id: position + 1, name }));

/** Inserts groups, campaigns and views, with their members. */
export async function insertCatalogues(manager: EntityManager): Promise<void> {
  await manager.insert(Group, numbered(demoGroups));
  await manager.insert(
    GroupMember,
    demoGroups.flatMap(({ members }, position) =>
      members.map((username) => ({ groupId: position + 1, userId: demoUserId(username) })),
    ),
  );

  await manager.insert(Campaign, numbered(demoCampaigns));
  await manager.insert(
    UserCampaign,
    demoCampaigns.flatMap(({ active, inactive }, position) =>
      [...active, ...inactive].map((username) => ({
        campaignId: position + 1,
        userId: demoUserId(username),
        active: active.includes(username),
      })),
    ),
  );

  await manager.insert(View, numbered(demoViews));
  await manager.insert(
    UserView,
    demoViews.flatMap(({ selected, deselected }, position) =>
      [...selected, ...deselected].map((username) => ({
        viewId: position + 1,
        userId: demoUserId(username),
        selected: selected.includes(username),
      })),
    ),
  );
}
