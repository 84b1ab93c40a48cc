import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import type { Operation } from "../../domain/permission-table.js";
import * as text from "../../domain/text-rules.js";
import { UserStatistic } from "../../entities/user-statistic.entity.js";
import type { User } from "../../entities/user.entity.js";
import { notFound } from "../../errors/domain-error.js";
import { type Change, type Changes } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { parseInput } from "../parse-input.js";
import { getUser, lockUser, type UserRef, userRef } from "../users/user-ref.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const userStatisticInput = z.object({
  user: userRef,
  statistic: text.kpiName,
  primaryOption: text.kpiOption.nullish(),
  secondaryOption: text.kpiOption.nullish(),
});
export type UserStatisticInput = z.input<typeof userStatisticInput>;

const watchStatisticInput = userStatisticInput.extend({ watched: z.boolean() });
export type WatchStatisticInput = z.input<typeof watchStatisticInput>;

const keyOf = (user: User, input: z.output<typeof userStatisticInput>) => ({
  userId: user.id,
  statistic: input.statistic,
  primaryOptionText: input.primaryOption ?? "",
  secondaryOptionText: input.secondaryOption ?? "",
});

const describe = (statistic: UserStatistic) => ({
  statistic: statistic.statistic,
  primaryOption: statistic.primaryOption,
  secondaryOption: statistic.secondaryOption,
  watched: statistic.watched,
});

/** The key figures that users follow. */
export class StatisticService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  /** The figures that a user follows, by name. @throws FORBIDDEN for others without USER_READ */
  async list(actor: Actor, ref: UserRef): Promise<UserStatistic[]> {
    const user = await getUser(this.reader, actor, "user", parseInput(actor, userRef, ref));
    return this.reader.rows(
      UserStatistic,
      `SELECT ${this.reader.table(UserStatistic).columns("s")} FROM user_statistics s WHERE s.user_id = $1
       ORDER BY s.statistic, s.primary_option, s.secondary_option`,
      [user.id],
    );
  }

  /** Adds a figure. Adding it again changes nothing. */
  @Idempotent(outcomes.userStatistic)
  async add(actor: Actor, input: UserStatisticInput): Promise<UserStatistic> {
    const parsed = parseInput(actor, userStatisticInput, input);
    return this.edit(actor, "addUserStatistic", parsed.user, async (change, user) => {
      const key = keyOf(user, parsed);
      const current = await change.manager.findOneBy(UserStatistic, key);
      if (current) return { statistic: current };
      await change.manager.insert(UserStatistic, key);
      const statistic = await change.manager.findOneByOrFail(UserStatistic, key);
      return { statistic, after: describe(statistic) };
    });
  }

  /** @throws NOT_FOUND when the user does not follow the figure */
  @Idempotent(outcomes.userStatistic)
  async remove(actor: Actor, input: UserStatisticInput): Promise<UserStatistic> {
    const parsed = parseInput(actor, userStatisticInput, input);
    return this.edit(actor, "removeUserStatistic", parsed.user, async (change, user) => {
      const key = keyOf(user, parsed);
      const statistic = await getStatistic(change, key);
      await change.manager.delete(UserStatistic, key);
      return { statistic, before: describe(statistic) };
    });
  }

  /** @throws NOT_FOUND when the user does not follow the figure */
  @Idempotent(outcomes.userStatistic)
  async watch(actor: Actor, input: WatchStatisticInput): Promise<UserStatistic> {
    const parsed = parseInput(actor, watchStatisticInput, input);
    const { watched } = parsed;
    return this.edit(actor, "watchUserStatistic", parsed.user, async (change, user) => {
      const key = keyOf(user, parsed);
      const statistic = await getStatistic(change, key);
      if (statistic.watched === watched) return { statistic };
      const before = describe(statistic);
      await change.manager.update(UserStatistic, key, { watched });
      statistic.watched = watched;
      return { statistic, before, after: describe(statistic) };
    });
  }

  private async edit(
    actor: Actor,
    action: Operation,
    ref: UserRef,
    edit: (
      change: Change,
      user: User,
    ) => Promise<{ statistic: UserStatistic; before?: object; after?: object }>,
  ): Promise<UserStatistic> {
    const user = await getUser(this.reader, actor, action, parseInput(actor, userRef, ref));
    return this.changes.make(actor, async (change) => {
      await lockUser(change.manager, user.id);
      const { statistic, ...difference } = await edit(change, user);
      if (difference.before || difference.after) {
        change.audit({
          action,
          targetType: "User",
          targetId: user.globalId,
          ...difference,
        });
        change.announce({
          topic: "userChanged",
          subject: user.globalId,
          payload: { cause: action },
        });
      }
      return statistic;
    });
  }
}

async function getStatistic(change: Change, key: ReturnType<typeof keyOf>): Promise<UserStatistic> {
  const statistic = await change.manager.findOneBy(UserStatistic, key);
  if (!statistic) throw notFound("UserStatistic", key.statistic);
  return statistic;
}
