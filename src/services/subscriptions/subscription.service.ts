import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { fromEventCursor, toEventCursor } from "../../domain/event-cursor.js";
import type { Operation } from "../../domain/permission-table.js";
import * as text from "../../domain/text-rules.js";
import { badInput } from "../../errors/domain-error.js";
import type { EventHub, EventSubscription } from "../../outbox/hub.js";
import {
  type EventFilter,
  type EventTopic,
  type LoggedEvent,
  subjectUserId,
} from "../../outbox/event.js";
import type { EventLog } from "../../outbox/log.js";
import { authorize, isAuthorized } from "../authorize.js";
import { presenceScope, type SubscriptionScope, userScope } from "./event-filters.js";
import { parseInput } from "../parse-input.js";
import { presenceFilter, userKeys } from "../presence/presence-list.js";
import { repeatWhileFull } from "../../database/repeat-while-full.js";

const after = z.string().nullish();
const ids = z.array(z.string().max(100)).max(1000).nullish();

const presenceChangedInput = z.object({ filter: presenceFilter.nullish(), after });
export type PresenceChangedInput = z.input<typeof presenceChangedInput>;

const userEventsInput = z.object({ userIds: ids, after });
export type UserEventsInput = z.input<typeof userEventsInput>;

const tabRefreshedInput = z.object({ tabId: text.tabId });
export type TabRefreshedInput = z.input<typeof tabRefreshedInput>;

const PRUNE_BATCH = 5000;

/** The cursor of a client that has received nothing, and so has missed everything. */
const INITIAL_CURSOR = "";

/** One event of a subscription. */
export interface SubscriptionEvent {
  /** To be given as `after` to resume after this event. */
  readonly cursor: string;
  /** Null: a gap. Events were missed that are no longer kept. */
  readonly event: LoggedEvent | null;
}

export interface SubscriptionEvents extends AsyncIterableIterator<SubscriptionEvent> {
  /** @returns events that can be emitted without waiting */
  readonly take: (max: number) => SubscriptionEvent[];
}

/** Authorises subscriptions, and yields their events from the outbox of all processes. */
export class SubscriptionService {
  constructor(
    private readonly hub: EventHub,
    private readonly log: EventLog,
    private readonly retentionHours: number,
  ) {}

  /** @throws BAD_USER_INPUT, FORBIDDEN without USER_READ, unless the filter names the caller alone */
  presenceChanged(actor: Actor, input: PresenceChangedInput): Promise<SubscriptionEvents> {
    authorizeUsers(actor, "presenceChanged", input.filter?.userIds);
    const { filter, after: cursor } = parseInput(actor, presenceChangedInput, input);
    return this.subscribe(actor, "presenceChanged", presenceScope(filter ?? {}), cursor);
  }

  userChanged(actor: Actor, input: UserEventsInput): Promise<SubscriptionEvents> {
    return this.subscribeToUsers(actor, "userChanged", input);
  }

  settingsChanged(actor: Actor, input: UserEventsInput): Promise<SubscriptionEvents> {
    return this.subscribeToUsers(actor, "settingsChanged", input);
  }

  reservationChanged(actor: Actor, input: UserEventsInput): Promise<SubscriptionEvents> {
    return this.subscribeToUsers(actor, "reservationChanged", input);
  }

  /** Reloads are for open tabs, so past events cannot be requested. */
  tabRefreshed(actor: Actor, input: TabRefreshedInput): Promise<SubscriptionEvents> {
    authorize(actor, "tabRefreshed");
    const { tabId } = parseInput(actor, tabRefreshedInput, input);
    const matches = ({ subject }: LoggedEvent) => subject === tabId;
    return this.subscribe(actor, "tabRefreshed", { subjects: [tabId], matches }, null);
  }

  /** For the gateway: calls back when a credential ends, before any later event is emitted. */
  watchCredentials(listener: (event: LoggedEvent) => void): Promise<void> {
    return this.hub.watch("credentialEnded", listener);
  }

  /** Subscriptions of this process now, and in total. */
  get subscribers(): EventHub["subscriberCounts"] {
    return this.hub.subscriberCounts;
  }

  get outboxState(): EventHub["state"] {
    return this.hub.state;
  }

  /** Deletes events whose retention time is over. */
  prune(): Promise<void> {
    return repeatWhileFull(PRUNE_BATCH, () => this.log.prune(this.retentionHours, PRUNE_BATCH));
  }

  close(): Promise<void> {
    return this.hub.close();
  }

  private subscribeToUsers(
    actor: Actor,
    topic: EventTopic & Operation,
    input: UserEventsInput,
  ): Promise<SubscriptionEvents> {
    authorizeUsers(actor, topic, input.userIds);
    const { userIds, after: cursor } = parseInput(actor, userEventsInput, input);
    return this.subscribe(actor, topic, userScope(userIds), cursor);
  }

  /** The permission is checked for each event, against the user that the event is about. */
  private async subscribe(
    actor: Actor,
    topic: EventTopic & Operation,
    { subjects, matches }: SubscriptionScope,
    cursor: string | null | undefined,
  ): Promise<SubscriptionEvents> {
    const filter: EventFilter = {
      topic,
      subjects,
      matches: (event) => matches(event) && isAuthorized(actor, topic, subjectUserId(event)),
    };
    const subscription = await this.hub.subscribe(filter, cursor ? positionOf(cursor) : null);
    return new SubscriptionStream(subscription, subscription.hasGap || cursor === INITIAL_CURSOR);
  }
}

/** A caller without USER_READ may subscribe to itself, but has to name itself: no events would hide the refusal. */
function authorizeUsers(
  actor: Actor,
  operation: Operation,
  userIds: readonly string[] | null | undefined,
): void {
  const keys = userIds?.length === 1 ? userKeys(userIds) : [];
  authorize(actor, operation, keys[0] ?? null);
}

/** @throws BAD_USER_INPUT */
function positionOf(cursor: string): number {
  const position = fromEventCursor(cursor);
  if (position !== null) return position;
  throw badInput([{ path: "after", message: "must be the cursor of an event" }]);
}

const toSubscriptionEvent = (event: LoggedEvent): SubscriptionEvent => ({
  cursor: toEventCursor(event.id),
  event,
});

/** Not a generator: `return` of a generator waits for a pending `next`, and so for the next event. */
class SubscriptionStream implements SubscriptionEvents {
  private hasEmittedGap: boolean;

  constructor(
    private readonly subscription: EventSubscription,
    hasGap: boolean,
  ) {
    this.hasEmittedGap = !hasGap;
  }

  async next(): Promise<IteratorResult<SubscriptionEvent>> {
    const { events, since } = this.subscription;
    if (!this.hasEmittedGap) {
      this.hasEmittedGap = true;
      return { value: { cursor: toEventCursor(since), event: null }, done: false };
    }
    const event = await events.next();
    return event
      ? { value: toSubscriptionEvent(event), done: false }
      : { value: undefined, done: true };
  }

  take(max: number): SubscriptionEvent[] {
    return this.subscription.events.take(max).map(toSubscriptionEvent);
  }

  return(): Promise<IteratorResult<SubscriptionEvent>> {
    this.subscription.events.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
