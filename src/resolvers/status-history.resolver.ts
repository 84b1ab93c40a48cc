import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { StatusChange } from "../entities/status-change.entity.js";
import { Status } from "../entities/status.entity.js";
import { User } from "../entities/user.entity.js";
import { fetchStatusHistories } from "../loaders/status-history.js";
import { loadSome } from "../loaders/key-order.js";
import { Columns } from "../entities/columns.js";
import { Batched } from "../graphql/execution/batched.js";
import { type Connection, toConnection } from "./shared/connection.js";
import { ForwardPageArgs } from "./shared/paging.js";
import { StatusChangeConnection, TimeInStatus } from "./presence.types.js";
import { required } from "./shared/required.js";

@Resolver(() => User)
export class StatusHistoryResolver {
  @Batched
  @FieldResolver(() => StatusChangeConnection, {
    description: "The changes of the status in effect, newest first.",
  })
  async statusHistory(
    @Root() users: User[],
    @Arg("since", () => Date, {
      nullable: true,
      description: "Only changes at or after this time.",
    })
    since: Date | null | undefined,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<Connection<StatusChange>[]> {
    const ids = users.map(({ id }) => id);
    const histories = await fetchStatusHistories(loaders, ids, { ...page, since });
    return histories.map((history) => toConnection(StatusChangeConnection, history));
  }
}

@Resolver(() => User)
export class TimeInStatusResolver {
  @Batched
  @FieldResolver(() => [TimeInStatus], {
    description: "How long the user was in each status between two times, at most 366 days apart.",
  })
  async timeInStatus(
    @Root() users: User[],
    @Arg("since", () => Date, { description: "The start." }) since: Date,
    @Arg("until", () => Date, {
      nullable: true,
      description: "The end; the future does not count. Default: now.",
    })
    until: Date | null | undefined,
    @Ctx() { loaders }: Context,
  ): Promise<TimeInStatus[][]> {
    const ids = users.map(({ id }) => id);
    const times = await loaders.timeInStatusByUserId(ids, { since, until: until ?? null });
    return times.map((ofUser) => ofUser.map((time) => Object.assign(new TimeInStatus(), time)));
  }
}

@Resolver(() => TimeInStatus)
export class StatusOfTimeResolver {
  @Batched
  @FieldResolver(() => Status, { description: "The status." })
  status(@Root() times: TimeInStatus[], @Ctx() { loaders }: Context): Promise<Status[]> {
    return required(loaders.statusesById(times.map(({ statusId }) => statusId)));
  }
}

@Resolver(() => StatusChange)
export class StatusChangeResolver {
  @Batched
  @Columns<StatusChange>("fromStatusId")
  @FieldResolver(() => Status, {
    nullable: true,
    description: "The previous status; null for the first known one.",
  })
  from(@Root() changes: StatusChange[], @Ctx() { loaders }: Context): Promise<(Status | null)[]> {
    return loadSome(
      changes.map(({ fromStatusId }) => fromStatusId),
      loaders.statusesById,
    );
  }

  @Batched
  @Columns<StatusChange>("toStatusId")
  @FieldResolver(() => Status, { description: "The new status." })
  to(@Root() changes: StatusChange[], @Ctx() { loaders }: Context): Promise<Status[]> {
    return required(loaders.statusesById(changes.map(({ toStatusId }) => toStatusId)));
  }
}
