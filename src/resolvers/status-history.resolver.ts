import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { Context } from "../context.js";
import { StatusChange } from "../entities/status-change.entity.js";
import { Status } from "../entities/status.entity.js";
import { User } from "../entities/user.entity.js";
import { fetchStatusHistory } from "../loaders/status-history.js";
import { type Connection, toConnection } from "./connection.js";
import { ForwardPageArgs } from "./paging.js";
import { StatusChangeConnection, TimeInStatus } from "./presence.types.js";
import { required } from "./required.js";

@Resolver(() => User)
export class StatusHistoryResolver {
  @FieldResolver(() => StatusChangeConnection, {
    description: "The changes of the status in effect, newest first.",
  })
  async statusHistory(
    @Root() { id }: User,
    @Arg("since", () => Date, { nullable: true, description: "Only changes from then on." })
    since: Date | null | undefined,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<Connection<StatusChange>> {
    const history = await fetchStatusHistory(loaders, id, { ...page, since });
    return toConnection(StatusChangeConnection, history);
  }
}

@Resolver(() => User)
export class TimeInStatusResolver {
  @FieldResolver(() => [TimeInStatus], {
    description:
      "How long the person was in each status between two times, at most 366 days apart.",
  })
  async timeInStatus(
    @Root() { id }: User,
    @Arg("since", () => Date, { description: "From when on." }) since: Date,
    @Arg("until", () => Date, {
      nullable: true,
      description: "Until when; what is in the future does not count. Without it: until now.",
    })
    until: Date | null | undefined,
    @Ctx() { loaders }: Context,
  ): Promise<TimeInStatus[]> {
    const times = await loaders.timeInStatus({ since, until: until ?? null }).load(id);
    return times.map((time) => Object.assign(new TimeInStatus(), time));
  }
}

@Resolver(() => TimeInStatus)
export class StatusOfTimeResolver {
  @FieldResolver(() => Status, { description: "Which status." })
  status(@Root() { statusId }: TimeInStatus, @Ctx() { loaders }: Context): Promise<Status> {
    return required(loaders.statusById.load(statusId));
  }
}

@Resolver(() => StatusChange)
export class StatusChangeResolver {
  @FieldResolver(() => Status, {
    nullable: true,
    description: "The status before; null for the first one known.",
  })
  async from(
    @Root() { fromStatusId }: StatusChange,
    @Ctx() { loaders }: Context,
  ): Promise<Status | null> {
    return fromStatusId === null ? null : loaders.statusById.load(fromStatusId);
  }

  @FieldResolver(() => Status, { description: "The status from then on." })
  to(@Root() { toStatusId }: StatusChange, @Ctx() { loaders }: Context): Promise<Status> {
    return required(loaders.statusById.load(toStatusId));
  }
}
