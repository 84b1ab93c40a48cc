import { Arg, Args, Ctx, FieldResolver, Resolver, Root, Subscription } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { Presence } from "../entities/presence.entity.js";
import { Reservation } from "../entities/reservation.entity.js";
import { Status } from "../entities/status.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { User } from "../entities/user.entity.js";
import {
  presenceChangeOf,
  reservationIdOf,
  userIdOf,
} from "../services/subscriptions/event-filters.js";
import type { LoggedEvent } from "../outbox/event.js";
import type { SubscriptionEvent } from "../services/subscriptions/subscription.service.js";
import { loadSome } from "../loaders/key-order.js";
import { Batched } from "../graphql/execution/batched.js";
import * as types from "./subscription.types.js";

/** The argument of `subscribe` in type-graphql. */
interface Subscribing<SubscriptionArgs> {
  readonly args: SubscriptionArgs;
  readonly context: Context;
}

const changesOf = (what: string) => `Emits ${what}, of all users or of those in \`userIds\`.`;

@Resolver()
export class SubscriptionResolver {
  @Subscription(() => types.PresenceEvent, {
    description: "Emits changes of presences: status, lock, telephone, view and online state.",
    subscribe: ({ args, context }: Subscribing<types.PresenceEventsArgs>) =>
      context.services.subscriptions.presenceChanged(context.actor, args),
  })
  presenceChanged(
    @Root() event: SubscriptionEvent,
    @Args(() => types.PresenceEventsArgs) _args: types.PresenceEventsArgs,
  ): types.PresenceEvent {
    return types.toCausedEvent(new types.PresenceEvent(), event);
  }

  @Subscription(() => types.UserEvent, {
    description: changesOf("changes of users"),
    subscribe: ({ args, context }: Subscribing<types.UserEventsArgs>) =>
      context.services.subscriptions.userChanged(context.actor, args),
  })
  userChanged(
    @Root() event: SubscriptionEvent,
    @Args(() => types.UserEventsArgs) _args: types.UserEventsArgs,
  ): types.UserEvent {
    return types.toCausedEvent(new types.UserEvent(), event);
  }

  @Subscription(() => types.SettingsEvent, {
    description: changesOf("changes of settings"),
    subscribe: ({ args, context }: Subscribing<types.UserEventsArgs>) =>
      context.services.subscriptions.settingsChanged(context.actor, args),
  })
  settingsChanged(
    @Root() event: SubscriptionEvent,
    @Args(() => types.UserEventsArgs) _args: types.UserEventsArgs,
  ): types.SettingsEvent {
    return types.toLiveEvent(new types.SettingsEvent(), event);
  }

  @Subscription(() => types.ReservationEvent, {
    description: changesOf("created, accepted, released and expired reservations"),
    subscribe: ({ args, context }: Subscribing<types.UserEventsArgs>) =>
      context.services.subscriptions.reservationChanged(context.actor, args),
  })
  reservationChanged(
    @Root() event: SubscriptionEvent,
    @Args(() => types.UserEventsArgs) _args: types.UserEventsArgs,
  ): types.ReservationEvent {
    return types.toLiveEvent(new types.ReservationEvent(), event);
  }

  @Subscription(() => types.TabRefreshedEvent, {
    description: "Emits the requests to a browser tab to reload.",
    subscribe: ({ args, context }: Subscribing<{ tabId: string }>) =>
      context.services.subscriptions.tabRefreshed(context.actor, args),
  })
  tabRefreshed(
    @Root() event: SubscriptionEvent,
    @Arg("tabId", () => String, {
      description: "The id of the tab: 1 to 100 letters, digits and _.",
    })
    tabId: string,
  ): types.TabRefreshedEvent {
    return Object.assign(types.toLiveEvent(new types.TabRefreshedEvent(), event), { tabId });
  }
}

@Resolver(() => types.PresenceEvent)
export class PresenceEventResolver {
  @Batched
  @FieldResolver(() => Presence, {
    nullable: true,
    description: "The current presence; null if `gap`.",
  })
  presence(
    @Root() events: types.PresenceEvent[],
    @Ctx() { loaders }: Context,
  ): Promise<(Presence | null)[]> {
    return loadSome(events.map(subjectKey(userIdOf)), loaders.presencesByUserId);
  }

  @Batched
  @FieldResolver(() => Status, {
    nullable: true,
    description:
      "The status in effect before the change; null if `gap`, or if the status did not change.",
  })
  previousStatus(
    @Root() events: types.PresenceEvent[],
    @Ctx() { loaders }: Context,
  ): Promise<(Status | null)[]> {
    return loadSome(events.map(subjectKey(previousStatusIdOf)), loaders.statusesById);
  }
}

@Resolver(() => types.UserEvent)
export class UserEventResolver {
  @Batched
  @FieldResolver(() => User, {
    nullable: true,
    description: "The current user; null if `gap`.",
  })
  user(@Root() events: types.UserEvent[], @Ctx() { loaders }: Context): Promise<(User | null)[]> {
    return loadSome(events.map(subjectKey(userIdOf)), loaders.usersById);
  }
}

@Resolver(() => types.SettingsEvent)
export class SettingsEventResolver {
  @Batched
  @FieldResolver(() => User, {
    nullable: true,
    description: "The user that the settings belong to; null if `gap`.",
  })
  user(
    @Root() events: types.SettingsEvent[],
    @Ctx() { loaders }: Context,
  ): Promise<(User | null)[]> {
    return loadSome(events.map(subjectKey(userIdOf)), loaders.usersById);
  }

  @Batched
  @FieldResolver(() => UserSettings, {
    nullable: true,
    description: "All current settings; null if `gap`.",
  })
  settings(
    @Root() events: types.SettingsEvent[],
    @Ctx() { loaders }: Context,
  ): Promise<(UserSettings | null)[]> {
    return loadSome(events.map(subjectKey(userIdOf)), loaders.settingsByUserId);
  }
}

@Resolver(() => types.ReservationEvent)
export class ReservationEventResolver {
  @Batched
  @FieldResolver(() => Reservation, {
    nullable: true,
    description: "The current reservation; null if `gap`.",
  })
  reservation(
    @Root() events: types.ReservationEvent[],
    @Ctx() { loaders }: Context,
  ): Promise<(Reservation | null)[]> {
    return loadSome(events.map(subjectKey(reservationIdOf)), loaders.reservationsById);
  }
}

/** @returns null if the status did not change */
function previousStatusIdOf(event: LoggedEvent): number | null {
  const { from, to } = presenceChangeOf(event);
  return from === to ? null : from;
}

/** The key of an event's subject; null for a gap. */
const subjectKey =
  (keyOf: (event: LoggedEvent) => number | null) =>
  ({ event }: { readonly event: LoggedEvent | null }): number | null =>
    event && keyOf(event);
