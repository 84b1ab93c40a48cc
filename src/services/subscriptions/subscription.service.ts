import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { fromEventCursor, toEventCursor } from "../../domain/event-cursor.js";
import type { Operation } from "../../domain/permission-table.js";
import * as text from "../../domain/text-rules.js";
import { badInput } from "../../errors/domain-error.js";
import type { EventHub, EventSubscription } from "../../outbox/hub.js";
import { type EventLog, subjectUserId } from "../../outbox/log.js";
import type { EventTopic, LoggedEvent } from "../../outbox/logged-event.js";
import { authorize, isAuthorized } from "../authorize.js";
import { aboutPresences, aboutUsers, type WantsEvent } from "./event-filters.js";
import { parseInput } from "../parse-input.js";
import { presenceFilter, userKeys } from "../presence/presence-list.js";
import { inBatches } from "../../database/in-batches.js";

const after = z.string().nullish();
const ids = z.array(z.string().max(100)).max(1000).nullish();

const presenceChangedInput = z.object({ filter: presenceFilter.nullish(), after });
export type PresenceChangedInput = z.input<typeof presenceChangedInput>;

const userEventsInput = z.object({ userIds: ids, after });
export type UserEventsInput = z.input<typeof userEventsInput>;

const tabRefreshedInput = z.object({ tabId: text.tabId });
export type TabRefreshedInput = z.input<typeof tabRefreshedInput>;

const PRUNE_BATCH = 5000;

/** The cursor of a reader who has nothing yet, and so has missed everything. */
const OF_NOTHING = "";

/** One thing that a subscriber is told. */
export interface SubscriptionEvent {
  /** Give it as `after` to go on behind it. */
  readonly cursor: string;
  /** Null when it only says that some were missed. */
  readonly event: LoggedEvent | null;
}

export interface SubscriptionEvents extends AsyncIterableIterator<SubscriptionEvent> {
  /** What is there to be told at once. */
  readonly take: (max: number) => SubscriptionEvent[];
}

/** What somebody follows of a topic. */
interface About {
  /** All whom it can be about, if that is known. */
  readonly subjects: readonly string[] | null | undefined;
  readonly wants: WantsEvent;
}

/** Who may follow what: events as they come, from the outbox of all processes. */
export class SubscriptionService {
  constructor(
    private readonly hub: EventHub,
    private readonly log: EventLog,
    private readonly retentionHours: number,
  ) {}

  /** @throws BAD_USER_INPUT, FORBIDDEN without USER_READ unless it is about the caller alone */
  presenceChanged(actor: Actor, input: PresenceChangedInput): Promise<SubscriptionEvents> {
    authorizeAbout(actor, "presenceChanged", input.filter?.userIds);
    const { filter, after: cursor } = parseInput(actor, presenceChangedInput, input);
    const about = { subjects: filter?.userIds, wants: aboutPresences(filter ?? {}) };
    return this.follow(actor, "presenceChanged", about, cursor);
  }

  userChanged(actor: Actor, input: UserEventsInput): Promise<SubscriptionEvents> {
    return this.followUsers(actor, "userChanged", input);
  }

  settingsChanged(actor: Actor, input: UserEventsInput): Promise<SubscriptionEvents> {
    return this.followUsers(actor, "settingsChanged", input);
  }

  reservationChanged(actor: Actor, input: UserEventsInput): Promise<SubscriptionEvents> {
    return this.followUsers(actor, "reservationChanged", input);
  }

  /** A signal is for whoever is there: one cannot ask for those of the past. */
  tabRefreshed(actor: Actor, input: TabRefreshedInput): Promise<SubscriptionEvents> {
    authorize(actor, "tabRefreshed");
    const { tabId } = parseInput(actor, tabRefreshedInput, input);
    const about = { subjects: [tabId], wants: ({ subject }: LoggedEvent) => subject === tabId };
    return this.follow(actor, "tabRefreshed", about, null);
  }

  /** For the gateway itself: tells of credentials that end, before anything that happens after. */
  watchCredentials(listener: (event: LoggedEvent) => void): Promise<void> {
    return this.hub.watch("credentialEnded", listener);
  }

  /** How many subscriptions this process serves now, and has ever served. */
  get subscribers(): EventHub["subscribers"] {
    return this.hub.subscribers;
  }

  get outboxState(): EventHub["outboxState"] {
    return this.hub.outboxState;
  }

  /** Throws away events that nobody can resume from any more. Any process may do it. */
  prune(): Promise<void> {
    return inBatches(PRUNE_BATCH, () => this.log.prune(this.retentionHours, PRUNE_BATCH));
  }

  close(): Promise<void> {
    return this.hub.close();
  }

  private followUsers(
    actor: Actor,
    topic: EventTopic & Operation,
    input: UserEventsInput,
  ): Promise<SubscriptionEvents> {
    authorizeAbout(actor, topic, input.userIds);
    const { userIds, after: cursor } = parseInput(actor, userEventsInput, input);
    return this.follow(actor, topic, { subjects: userIds, wants: aboutUsers(userIds) }, cursor);
  }

  /** Permission is asked for each event again. */
  private async follow(
    actor: Actor,
    topic: EventTopic & Operation,
    { subjects, wants }: About,
    cursor: string | null | undefined,
  ): Promise<SubscriptionEvents> {
    const following = await this.hub.follow(
      {
        topic,
        subjects: subjects ?? null,
        matches: (event) => wants(event) && isAuthorized(actor, topic, subjectUserId(event)),
      },
      cursor ? positionOf(cursor) : null,
    );
    return new SubscriptionEventStream(following, following.hasGap || cursor === OF_NOTHING);
  }
}

/** Who may read themself may follow themself, and has to say so: a filter would otherwise hide a refusal. */
function authorizeAbout(
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

/** Not a generator: one that waits for its next event could not be ended from outside. */
class SubscriptionEventStream implements SubscriptionEvents {
  private toldGap: boolean;

  constructor(
    private readonly following: EventSubscription,
    hasGap: boolean,
  ) {
    this.toldGap = !hasGap;
  }

  async next(): Promise<IteratorResult<SubscriptionEvent>> {
    if (!this.toldGap) {
      this.toldGap = true;
      return { value: { cursor: toEventCursor(this.following.since), event: null }, done: false };
    }
    const { value, done } = await this.following.events.next();
    return done ? { value: undefined, done } : { value: toSubscriptionEvent(value), done: false };
  }

  take(max: number): SubscriptionEvent[] {
    return this.following.events.take(max).map(toSubscriptionEvent);
  }

  async return(): Promise<IteratorResult<SubscriptionEvent>> {
    await this.following.events.return?.();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
