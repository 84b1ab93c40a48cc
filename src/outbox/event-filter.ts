import type { EventTopic, LoggedEvent } from "./logged-event.js";

/** What a reader wants to be told of. */
export interface EventFilter {
  readonly topic: EventTopic;
  /** What none of these subjects is about is not wanted either; null: that cannot be said. */
  readonly subjects: readonly string[] | null;
  /** Asked of each event of the topic. */
  readonly matches: (event: LoggedEvent) => boolean;
}

export const matchesFilter = ({ topic, matches }: EventFilter, event: LoggedEvent): boolean =>
  event.topic === topic && matches(event);
