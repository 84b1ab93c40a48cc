import { isDeepStrictEqual } from "node:util";
import type { DataSource } from "typeorm";
import { planPresence, presenceAt, type PresencePlan } from "../../src/domain/presence.js";
import { PresenceClaim } from "../../src/entities/presence-claim.entity.js";
import { Presence } from "../../src/entities/presence.entity.js";

interface Disagreement {
  readonly userId: number;
  readonly stored: PresencePlan;
  readonly planned: PresencePlan;
}

const planOf = ({ statusId, source, since, changesAt, plan }: PresencePlan): PresencePlan => ({
  statusId,
  source,
  since,
  changesAt,
  plan,
});

/** The presences whose stored status and plan differ from those that the domain computes from their claims. */
export async function findDisagreements(dataSource: DataSource): Promise<Disagreement[]> {
  const [{ now }]: [{ now: Date }] = await dataSource.query(`SELECT now() AS now`);
  const claimsOf = new Map<number, PresenceClaim[]>();
  for (const claim of await dataSource.getRepository(PresenceClaim).find()) {
    claimsOf.set(claim.userId, [...(claimsOf.get(claim.userId) ?? []), claim]);
  }
  const presences = await dataSource.getRepository(Presence).find();
  return presences.flatMap((presence) => {
    const connections = presence.leaseUntil ? [{ until: presence.leaseUntil }] : [];
    const stored = planOf(presenceAt(presence, now));
    const planned = planPresence(claimsOf.get(presence.userId) ?? [], connections, now, stored);
    return isDeepStrictEqual(stored, planned) ? [] : [{ userId: presence.userId, stored, planned }];
  });
}
