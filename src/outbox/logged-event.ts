import type { StatusClass, UserKind } from "../domain/vocabulary.js";

export type EventTopic =
  | "presenceChanged"
  | "userChanged"
  | "settingsChanged"
  | "reservationChanged"
  | "tabRefreshed"
  | "credentialEnded"
  | "activationMailRequested";

/** An event as it stands in the outbox. */
export interface EventRow {
  /** Its place in the one order of all events. */
  readonly id: number;
  readonly topic: EventTopic;
  /** The global id of the user, or the name of the tab, that it is about. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Since it was written, when it was read. */
  readonly ageMs: number;
}

/** What the filters of subscribers ask of the person whom an event is about. */
export interface SubjectFacts {
  readonly kind: UserKind;
  readonly groupIds: readonly number[];
}

/** An event with what came with it. */
export interface LoggedEvent extends EventRow {
  /** Null when nobody of that id is there (any more). */
  readonly person: SubjectFacts | null;
  /** By id, as the catalogue was when the event was read. */
  readonly statusClasses: ReadonlyMap<number, StatusClass>;
  /** The same object for all events that were read together, so that what they need is loaded together. */
  readonly batch: object;
}
