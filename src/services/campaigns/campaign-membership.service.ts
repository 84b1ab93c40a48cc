import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import * as text from "../../domain/text-rules.js";
import { Campaign, UserCampaign } from "../../entities/campaign.entity.js";
import { notFound } from "../../errors/domain-error.js";
import { type Changes } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { parseInput } from "../parse-input.js";
import { getUser, lockUser, userRef } from "../users/user-ref.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const setCampaignStateInput = z.object({
  user: userRef,
  campaign: text.campaignName,
  active: z.boolean(),
});
export type SetCampaignStateInput = z.input<typeof setCampaignStateInput>;

/** The campaigns that users take part in. */
export class CampaignMembershipService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  /** @throws NOT_FOUND for an unknown campaign */
  @Idempotent(outcomes.userCampaign)
  async setState(actor: Actor, input: SetCampaignStateInput): Promise<UserCampaign> {
    const { user: ref, campaign: name, active } = parseInput(actor, setCampaignStateInput, input);
    const user = await getUser(this.reader, actor, "setCampaignState", ref);

    return this.changes.make(actor, async (change) => {
      await lockUser(change.manager, user.id);
      const campaign = await change.manager
        .createQueryBuilder(Campaign, "c")
        .where("lower(c.name) = lower(:name)", { name })
        .getOne();
      if (!campaign) throw notFound("Campaign", name);
      const key = { userId: user.id, campaignId: campaign.id };
      const current = await change.manager.findOneBy(UserCampaign, key);
      if (current?.active === active) return current;
      await change.manager.upsert(UserCampaign, { ...key, active }, ["userId", "campaignId"]);
      change.audit({
        action: "setCampaignState",
        targetType: "User",
        targetId: user.globalId,
        before: { campaign: campaign.name, active: current?.active ?? null },
        after: { campaign: campaign.name, active },
      });
      change.announce({
        topic: "userChanged",
        subject: user.globalId,
        payload: { cause: "setCampaignState" },
      });
      return change.manager.findOneByOrFail(UserCampaign, key);
    });
  }
}
