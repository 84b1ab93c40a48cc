import type { LoggedEvent } from "./logged-event.js";

/**
 * Events that wait for one reader, oldest first. Of those about the same thing only the newest is kept:
 * who is behind needs the latest state of a person, not each step.
 */
export class EventQueue {
  /** By what they are about. */
  private readonly waiting = new Map<string, LoggedEvent>();

  get size(): number {
    return this.waiting.size;
  }

  add(event: LoggedEvent): void {
    const key = aboutOf(event);
    this.waiting.delete(key);
    this.waiting.set(key, event);
  }

  take(max: number): LoggedEvent[] {
    const taken: LoggedEvent[] = [];
    for (const [key, event] of this.waiting) {
      if (taken.length >= max) break;
      taken.push(event);
      this.waiting.delete(key);
    }
    return taken;
  }

  clear(): void {
    this.waiting.clear();
  }
}

/** A person has one status but may have several reservations. */
const aboutOf = ({ topic, subject, payload }: LoggedEvent): string =>
  `${topic} ${subject} ${typeof payload.id === "string" ? payload.id : ""}`;
