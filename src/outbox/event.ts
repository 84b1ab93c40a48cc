import { integerKeyOf } from "../domain/global-id.js";
import type { StatusClass, UserKind } from "../domain/vocabulary.js";

export type EventTopic =
  | "presenceChanged"
  | "userChanged"
  | "settingsChanged"
  | "reservationChanged"
  | "tabRefreshed"
  | "credentialEnded"
  | "activationMailRequested";

/** A row of the outbox. */
export interface EventRow {
  /** The position in the one order of all events. */
  readonly id: number;
  readonly topic: EventTopic;
  /** The global id of the user, or the id of the browser tab, that the event is about. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Age at the time of the read. */
  readonly ageMs: number;
}

/** What filters need of the user that an event is about. */
export interface EventUser {
  readonly kind: UserKind;
  readonly groupIds: readonly number[];
}

/** An event with the data that filters need. */
export interface LoggedEvent extends EventRow {
  /** Null: the event is about no user, or the user no longer exists. */
  readonly user: EventUser | null;
  /** By status id, as of the read. */
  readonly statusClasses: ReadonlyMap<number, StatusClass>;
  /** The same object for all events that share their loaders. */
  readonly batch: object;
}

/** The events that a subscriber receives. */
export interface EventFilter {
  readonly topic: EventTopic;
  /** The only subjects that can match, so that the database can select by them; null: any. */
  readonly subjects: readonly string[] | null;
  /** Called for events of the topic. */
  readonly matches: (event: LoggedEvent) => boolean;
}

export const matchesFilter = ({ topic, matches }: EventFilter, event: LoggedEvent): boolean =>
  event.topic === topic && matches(event);

/** @returns null when the event is about no user */
export const subjectUserId = ({ subject, topic }: EventRow): number | null =>
  topic === "tabRefreshed" ? null : integerKeyOf("User", subject);
