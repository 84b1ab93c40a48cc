import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { leadingClaim } from "../domain/presence.js";
import type { ClaimKind } from "../domain/vocabulary.js";
import type { PresenceClaim } from "../entities/presence-claim.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { Status } from "../entities/status.entity.js";
import { User } from "../entities/user.entity.js";
import type { Loaders } from "../loaders/index.js";
import { loadSome } from "../loaders/key-order.js";
import type { StatusOutcome } from "../services/presence/presence.service.js";
import { Columns } from "../entities/columns.js";
import { Batched, BatchedByActor } from "../graphql/execution/batched.js";
import { type Connection, toConnection } from "./shared/connection.js";
import { PageArgs } from "./shared/paging.js";
import * as types from "./presence.types.js";
import { required } from "./shared/required.js";

interface PresencePayload {
  readonly presence: Presence;
}

@Resolver(() => Presence)
export class PresenceResolver {
  @Query(() => types.PresenceConnection, {
    description: "Presences, such as all that are online, locked or available; in a fixed order.",
  })
  async presences(
    @Arg("filter", () => types.PresenceFilter, {
      nullable: true,
      description: "All given conditions must hold.",
    })
    filter: types.PresenceFilter | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { actor, services, columns }: Context,
  ): Promise<Connection<Presence>> {
    const presences = await services.presence.list(actor, { ...page, filter, columns });
    return toConnection(types.PresenceConnection, presences);
  }

  @Mutation(() => types.SetStatusPayload, {
    description: "Sets a user's status. Refused with STATUS_LOCKED while it is locked.",
  })
  setStatus(
    @Arg("input", () => types.SetStatusInput, { description: "The user and the new status." })
    input: types.SetStatusInput,
    @Ctx() { actor, services }: Context,
  ): Promise<StatusOutcome> {
    return services.presence.setStatus(actor, input);
  }

  @Mutation(() => types.LockStatusPayload, {
    description: "Locks a user's status, so that it cannot be changed; replaces an earlier lock.",
  })
  async lockStatus(
    @Arg("input", () => types.LockStatusInput, {
      description: "The user, the status and the reason.",
    })
    input: types.LockStatusInput,
    @Ctx() { actor, services }: Context,
  ): Promise<PresencePayload> {
    return { presence: await services.presence.lockStatus(actor, input) };
  }

  @Mutation(() => types.UnlockStatusPayload, {
    description:
      "Removes the lock, so that the status below takes effect. Without a lock nothing changes.",
  })
  async unlockStatus(
    @Arg("input", () => types.UnlockStatusInput, { description: "The user." })
    input: types.UnlockStatusInput,
    @Ctx() { actor, services }: Context,
  ): Promise<PresencePayload> {
    return { presence: await services.presence.unlockStatus(actor, input) };
  }

  @Mutation(() => types.HeartbeatPayload, {
    description: "Keeps a user online for one lease, 45 seconds unless configured otherwise.",
  })
  async heartbeat(
    @Arg("input", () => types.HeartbeatInput, { description: "The user and the current view." })
    input: types.HeartbeatInput,
    @Ctx() { actor, services }: Context,
  ): Promise<PresencePayload> {
    return { presence: await services.presence.heartbeat(actor, input) };
  }

  @Mutation(() => types.ReportExternalStatusPayload, {
    description: "Stores the status that another system, such as a calendar, reports for a user.",
  })
  async reportExternalStatus(
    @Arg("input", () => types.ReportExternalStatusInput, { description: "The report." })
    input: types.ReportExternalStatusInput,
    @Ctx() { actor, services }: Context,
  ): Promise<PresencePayload> {
    return { presence: await services.presence.reportExternalStatus(actor, input) };
  }

  @Mutation(() => types.ReportTelephoneStatusPayload, {
    description: "Stores the state of a user's telephone line.",
  })
  async reportTelephoneStatus(
    @Arg("input", () => types.ReportTelephoneStatusInput, { description: "The report." })
    input: types.ReportTelephoneStatusInput,
    @Ctx() { actor, services }: Context,
  ): Promise<PresencePayload> {
    return { presence: await services.presence.reportTelephoneStatus(actor, input) };
  }

  @Batched
  @FieldResolver(() => User, { description: "The user of this presence." })
  user(@Root() presences: Presence[], @Ctx() { loaders }: Context): Promise<User[]> {
    return required(loaders.usersById(presences.map(({ userId }) => userId)));
  }

  @Batched
  @Columns<Presence>("statusId")
  @FieldResolver(() => Status, { description: "The status in effect." })
  status(@Root() presences: Presence[], @Ctx() { loaders }: Context): Promise<Status[]> {
    const ids = presences.map(({ statusId }) => statusId);
    return required(loaders.statusesById(ids));
  }

  @Batched
  @FieldResolver(() => Status, {
    nullable: true,
    description: "The status that was set, whether or not it is in effect; null when none was set.",
  })
  async configuredStatus(
    @Root() presences: Presence[],
    @Ctx() { loaders }: Context,
  ): Promise<(Status | null)[]> {
    const choices = await leadingClaims(loaders.choicesByUserId, presences, "MANUAL");
    return loadSome(
      choices.map((choice) => choice?.statusId ?? null),
      loaders.statusesById,
    );
  }

  @Batched
  @FieldResolver(() => types.StatusLock, { nullable: true, description: "Null while unlocked." })
  async lock(
    @Root() presences: Presence[],
    @Ctx() { loaders }: Context,
  ): Promise<(types.StatusLock | null)[]> {
    const claims = await leadingClaims(loaders.locksByUserId, presences, "LOCK");
    return claims.map((claim) => {
      if (!claim) return null;
      const { reason, setAt: lockedAt, until } = claim;
      return Object.assign(new types.StatusLock(), { claim, reason, lockedAt, until });
    });
  }

  @Columns<Presence>("lastViewModule", "lastViewName", "lastViewTarget")
  @FieldResolver(() => types.LastView, {
    nullable: true,
    description: "The last view of the user; null when no heartbeat reported one.",
  })
  lastView(@Root() presence: Presence): types.LastView | null {
    const { lastViewModule: module, lastViewName: view, lastViewTarget: target } = presence;
    if (module === null || view === null) return null;
    return Object.assign(new types.LastView(), { module, view, target });
  }
}

@Resolver(() => types.StatusLock)
export class StatusLockResolver {
  @Batched
  @FieldResolver(() => Status, { description: "The locked status." })
  status(@Root() locks: types.StatusLock[], @Ctx() { loaders }: Context): Promise<Status[]> {
    return required(loaders.statusesById(locks.map(({ claim }) => claim.statusId)));
  }

  @BatchedByActor
  @FieldResolver(() => User, {
    nullable: true,
    description:
      "The user that set the lock; null for a key without an owner, or when the caller may not read the user.",
  })
  lockedBy(
    @Root() locks: types.StatusLock[],
    @Ctx() { actor, services, loaders }: Context,
  ): Promise<(User | null)[]> {
    const shown = ({ claim: { setBy } }: types.StatusLock) =>
      setBy !== null && services.users.canSee(actor, setBy) ? setBy : null;
    return loadSome(locks.map(shown), loaders.usersById);
  }
}

/** The effective claim of one kind, for each presence. */
async function leadingClaims(
  claimsByUserId: Loaders["locksByUserId"],
  presences: readonly Presence[],
  kind: ClaimKind,
): Promise<(PresenceClaim | null)[]> {
  const userIds = presences.map(({ userId }) => userId);
  const claims = await claimsByUserId(userIds);
  return presences.map(({ readAt }, i) => leadingClaim(claims[i] ?? [], kind, readAt));
}
