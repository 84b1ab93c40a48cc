import type { EventTopic, LoggedEvent } from "./logged-event.js";

/** What a reader wants to be told of. */
export interface Interest {
  readonly topic: EventTopic;
  /** What none of these subjects is about is not wanted either; null: that cannot be said. */
  readonly subjects: readonly string[] | null;
  /** Asked of each event of the topic. */
  readonly wants: (event: LoggedEvent) => boolean;
}

export const isOfInterest = ({ topic, wants }: Interest, event: LoggedEvent): boolean =>
  event.topic === topic && wants(event);
