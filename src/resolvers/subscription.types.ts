import { ArgsType, Field, ID, InterfaceType, ObjectType } from "type-graphql";
import type { LoggedEvent } from "../outbox/event.js";
import type { SubscriptionEvent } from "../services/subscriptions/subscription.service.js";
import { GraphQLCursor } from "./shared/cursor-scalar.js";
import { PresenceFilter } from "./presence.types.js";

@InterfaceType({ description: "An event of a subscription." })
export abstract class LiveEvent {
  @Field(() => GraphQLCursor, {
    description: "The position among all events. Pass it as `after` to resume after this event.",
  })
  cursor!: string;

  @Field(() => Boolean, {
    description:
      "True: events were missed that are no longer kept, so reload the current state. Such an event comes " +
      "first and contains no change.",
  })
  gap!: boolean;

  /** Null if `gap`. */
  event!: LoggedEvent | null;
}

const CAUSE = {
  description:
    "The mutation that caused the change, `expired` for a change by the passage of time, `gap` if `gap`.",
} as const;

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "A presence has changed: its status, lock, telephone, view or online state.",
})
export class PresenceEvent extends LiveEvent {
  @Field(() => String, CAUSE)
  cause!: string;
}

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description:
    "A user was created or changed: data, roles, groups, campaigns, views or statistics.",
})
export class UserEvent extends LiveEvent {
  @Field(() => String, CAUSE)
  cause!: string;
}

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "The settings of a user have changed.",
})
export class SettingsEvent extends LiveEvent {}

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "A reservation was created or has a new state.",
})
export class ReservationEvent extends LiveEvent {}

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "A browser tab is requested to reload.",
})
export class TabRefreshedEvent extends LiveEvent {
  @Field(() => String, { description: "The id of the tab." })
  tabId!: string;
}

export const toLiveEvent = <Type extends LiveEvent>(
  type: Type,
  { cursor, event }: SubscriptionEvent,
): Type => Object.assign(type, { cursor, event, gap: event === null });

/** For events with a cause. */
export const toCausedEvent = <Type extends LiveEvent>(
  type: Type,
  subscriptionEvent: SubscriptionEvent,
): Type => {
  const { event } = subscriptionEvent;
  const cause = event ? event.payload.cause : "gap";
  return Object.assign(toLiveEvent(type, subscriptionEvent), { cause });
};

const AFTER = {
  nullable: true,
  description:
    "The cursor of the last received event: missed events are sent first. Empty: an event with `gap: true` is sent " +
    "immediately, and no later event is missed. Null: events from now on.",
} as const;

@ArgsType()
export class PresenceEventsArgs {
  @Field(() => PresenceFilter, {
    nullable: true,
    description:
      "Restricts the presences. An event is sent when a presence starts, continues or ceases to match.",
  })
  filter?: PresenceFilter | null;

  @Field(() => GraphQLCursor, AFTER)
  after?: string | null;
}

@ArgsType()
export class UserEventsArgs {
  @Field(() => [ID], {
    nullable: true,
    description: "Restricts the users; at most 1,000 ids. Null: all users.",
  })
  userIds?: string[] | null;

  @Field(() => GraphQLCursor, AFTER)
  after?: string | null;
}
