import type { LoggedEvent } from "./logged-event.js";

/**
 * Events that are told together. What is loaded and answered for an event is kept for as long as the
 * event is, for all who are told of it: so everybody who is told of it later gets a copy, for which it
 * is loaded afresh.
 */
export class EventBatchReads {
  private readonly batch = {};
  private readonly copies = new Map<LoggedEvent, LoggedEvent>();

  copyOf(event: LoggedEvent): LoggedEvent {
    const copy = this.copies.get(event) ?? { ...event, batch: this.batch };
    this.copies.set(event, copy);
    return copy;
  }
}
