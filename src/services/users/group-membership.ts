import { z } from "zod";
import { integerKeyOf, toGlobalId } from "../../domain/global-id.js";
import { GroupMember } from "../../entities/group.entity.js";
import { notFound } from "../../errors/domain-error.js";
import type { Change } from "../../database/changes/change.js";

export const groupIdsInput = z.array(z.string().max(100)).max(1000);

const idsOf = (keys: readonly number[]): string[] => keys.map((key) => toGlobalId("Group", key));

/**
 * Replaces the groups of a user.
 *
 * @throws NOT_FOUND with the first id that is not a group
 */
export async function replaceGroups(
  change: Change,
  userId: number,
  groupIds: readonly string[],
): Promise<{ before: { groupIds: string[] }; after: { groupIds: string[] } }> {
  const requested = new Map(groupIds.map((id) => [groupKey(id), id]));
  const known = await change.query<{ id: number }>(
    `SELECT id FROM groups WHERE id = ANY($1::int[])`,
    [[...requested.keys()]],
  );
  for (const [key, id] of requested) {
    if (!known.some((group) => group.id === key)) throw notFound("Group", id);
  }
  const before = await change.query<{ groupId: number }>(
    `SELECT group_id AS "groupId" FROM group_members WHERE user_id = $1 ORDER BY group_id`,
    [userId],
  );
  const keys = [...requested.keys()].sort((a, b) => a - b);
  await change.query(
    `DELETE FROM group_members WHERE user_id = $1 AND group_id <> ALL($2::int[])`,
    [userId, keys],
  );
  const members = keys.map((groupId) => ({ groupId, userId }));
  if (members.length > 0) {
    await change.manager
      .createQueryBuilder()
      .insert()
      .into(GroupMember)
      .values(members)
      .orIgnore()
      .execute();
  }
  return {
    before: { groupIds: idsOf(before.map(({ groupId }) => groupId)) },
    after: { groupIds: idsOf(keys) },
  };
}

/** @throws NOT_FOUND for any other id than that of a group */
export function groupKey(id: string): number {
  const key = integerKeyOf("Group", id);
  if (key === null) throw notFound("Group", id);
  return key;
}
