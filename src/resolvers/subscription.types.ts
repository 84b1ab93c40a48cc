import { ArgsType, Field, ID, InterfaceType, ObjectType } from "type-graphql";
import type { LoggedEvent } from "../outbox/event.js";
import type { SubscriptionEvent as ToldEvent } from "../services/subscriptions/subscription.service.js";
import { GraphQLCursor } from "./shared/cursor-scalar.js";
import { PresenceFilter } from "./presence.types.js";

@InterfaceType({ description: "Something that happened, as a subscription tells it." })
export abstract class LiveEvent {
  @Field(() => GraphQLCursor, {
    description: "Its place among all events. Give it as `after` to go on behind it.",
  })
  cursor!: string;

  @Field(() => Boolean, {
    description:
      "True: events were missed that are no longer kept, so read the present state afresh. Such an event " +
      "says nothing else, and comes first.",
  })
  gap!: boolean;

  /** Null in a gap. */
  event!: LoggedEvent | null;
}

const CAUSE = {
  description: "The mutation that did it, `expired` for what ran out by itself, `gap` in a gap.",
} as const;

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "A presence has changed: its status, lock, telephone, view, or being online.",
})
export class PresenceEvent extends LiveEvent {
  @Field(() => String, CAUSE)
  cause!: string;
}

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "A user was made or changed: data, roles, groups, campaigns, views or statistics.",
})
export class UserEvent extends LiveEvent {
  @Field(() => String, CAUSE)
  cause!: string;
}

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "Somebody's settings have changed.",
})
export class SettingsEvent extends LiveEvent {}

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "A reservation was made or has a new state.",
})
export class ReservationEvent extends LiveEvent {}

@ObjectType({
  implements: LiveEvent,
  simpleResolvers: true,
  description: "A browser tab is to load afresh.",
})
export class TabRefreshedEvent extends LiveEvent {
  @Field(() => String, { description: "Which tab." })
  tabId!: string;
}

export const toLiveEvent = <Type extends LiveEvent>(
  type: Type,
  { cursor, event }: ToldEvent,
): Type => Object.assign(type, { cursor, event, gap: event === null });

/** The same for events that name what caused them. */
export const toCausedEvent = <Type extends LiveEvent>(type: Type, told: ToldEvent): Type => {
  const cause = told.event ? told.event.payload.cause : "gap";
  return Object.assign(toLiveEvent(type, told), { cause });
};

const AFTER = {
  nullable: true,
  description:
    "The cursor of the last event that was received: what came since is told first. Empty: an event with `gap: true` " +
    "comes at once, after which nothing is missed. Without it: from now on.",
} as const;

@ArgsType()
export class PresenceEventsArgs {
  @Field(() => PresenceFilter, {
    nullable: true,
    description:
      "Which presences. Who comes into what it describes, and who leaves it, are both told of.",
  })
  filter?: PresenceFilter | null;

  @Field(() => GraphQLCursor, AFTER)
  after?: string | null;
}

@ArgsType()
export class UserEventsArgs {
  @Field(() => [ID], {
    nullable: true,
    description: "These people only; at most 1,000. Without it: everybody.",
  })
  userIds?: string[] | null;

  @Field(() => GraphQLCursor, AFTER)
  after?: string | null;
}
