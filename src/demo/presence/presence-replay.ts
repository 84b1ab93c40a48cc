import {
  type Claim,
  planPresence,
  presenceAt,
  type PresencePlan,
  withoutReplaced,
} from "../../domain/presence.js";
import { OFFLINE_STATUS_ID } from "../../domain/status.js";
import type { StatusChange } from "../../entities/status-change.entity.js";
import type { DemoUsername } from "../users.js";
import type { Claimed, Connected, PresenceEvent } from "./presence-events.js";
import { minutesAfter, minutesBefore } from "../times.js";

/** The demo has no clients that send heartbeats, so one lease lasts a working day. */
const LEASE_MINUTES = 8 * 60;

export interface DemoClaim extends Claim {
  readonly setBy: DemoUsername | null;
  readonly reason: string | null;
}

export type DemoStatusChange = Pick<
  StatusChange,
  "fromStatusId" | "toStatusId" | "source" | "cause" | "actor" | "door" | "changedAt"
>;

type Author = Pick<StatusChange, "cause" | "actor" | "door">;

const expiry: Author = { cause: "expired", actor: "rollcall", door: "SYSTEM" };

/**
 * Replays the history of one user by the rules of the domain, so that history, presence and claims are
 * consistent.
 */
export class PresenceReplay {
  presence: PresencePlan;
  claims: readonly DemoClaim[] = [];
  leaseUntil: Date | null = null;
  onlineSince: Date | null = null;
  lastSeenAt: Date | null = null;
  readonly changes: DemoStatusChange[] = [];

  constructor(
    private readonly username: DemoUsername,
    private readonly now: Date,
    createdAt: Date,
  ) {
    this.presence = planPresence([], [], createdAt, {
      statusId: OFFLINE_STATUS_ID,
      since: createdAt,
    });
  }

  /** @param events oldest first */
  run(events: readonly PresenceEvent[]): this {
    for (const event of events) {
      const at = minutesBefore(this.now, event.ago);
      this.expireUntil(at);
      if (event.what === "connected") this.connect(event, at);
      else this.claim(event, at);
    }
    this.expireUntil(this.now);
    this.claims = this.claims.filter(({ until }) => until === null || until > this.now);
    if (this.leaseUntil && this.leaseUntil <= this.now) this.leaseUntil = null;
    return this;
  }

  private connect({ leftAgo }: Connected, at: Date): void {
    const hasLeft = leftAgo !== undefined;
    this.leaseUntil = hasLeft
      ? minutesBefore(this.now, leftAgo)
      : minutesAfter(this.now, LEASE_MINUTES);
    this.onlineSince = at;
    this.lastSeenAt = hasLeft ? this.leaseUntil : this.now;
    this.update(at, { cause: "heartbeat", actor: this.username, door: "GRAPHQL" });
  }

  private claim(event: Claimed, at: Date): void {
    const { kind, source, statusId, minutes, reason, cause, door } = event;
    const setBy = event.by === undefined ? this.username : event.by;
    const until = minutes === undefined ? null : minutesAfter(at, minutes);
    const added: DemoClaim = { kind, source, statusId, setAt: at, until, setBy, reason };
    this.claims = [...withoutReplaced(this.claims, added, at), added];
    this.update(at, { cause, door, actor: setBy ?? source ?? "rollcall" });
  }

  private update(at: Date, author: Author): void {
    const connections = this.leaseUntil ? [{ until: this.leaseUntil }] : [];
    this.transitionTo(planPresence(this.claims, connections, at, this.presence), author, at);
  }

  private expireUntil(end: Date): void {
    for (const step of this.presence.plan) {
      const at = new Date(step.at);
      if (at > end) return;
      this.transitionTo(presenceAt(this.presence, at), expiry, at);
    }
  }

  private transitionTo(next: PresencePlan, author: Author, changedAt: Date): void {
    if (next.statusId !== this.presence.statusId) {
      this.changes.push({
        fromStatusId: this.presence.statusId,
        toStatusId: next.statusId,
        source: next.source,
        changedAt,
        ...author,
      });
    }
    this.presence = next;
  }
}
