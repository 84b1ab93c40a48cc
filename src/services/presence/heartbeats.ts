import { system } from "../../domain/actor.js";
import type { Presence } from "../../entities/presence.entity.js";
import type { Changes } from "../../database/changes/change.js";
import type { CommandOf } from "./inputs.js";
import { isSameView, type PresenceEdit, type PresenceState, renewedLease } from "./rules.js";
import { applyTransitions, lockPresences } from "./store.js";

/** The pause between two writes. */
export const HEARTBEAT_INTERVAL_MS = 1000;

/** A lease that ends sooner is renewed immediately: a deferred write could be too late. */
const MIN_REMAINING_MS = 2 * HEARTBEAT_INTERVAL_MS;

const BATCH = 1000;

interface Heartbeat {
  /** By the clock of the database; null: the time of the write. */
  readonly at: Date | null;
  /** How often it was not written, because of a lock or an error. */
  readonly delays: number;
}

/**
 * Heartbeats that only renew a lease, collected by this process and written together. A crash loses those of the last second.
 * docs/decisions/0010-heartbeats-are-collected.md
 */
export class Heartbeats {
  private collected = new Map<number, Heartbeat>();
  private writing: Promise<number> = Promise.resolve(0);

  constructor(
    private readonly changes: Changes,
    private readonly leaseSeconds: number,
  ) {}

  /** Whether the heartbeat changes nothing visible before it is written. */
  canDefer(presence: Presence, lastView: CommandOf<"heartbeat">["lastView"]): boolean {
    const { leaseUntil, readAt } = presence;
    return (
      leaseUntil !== null &&
      leaseUntil.getTime() - readAt.getTime() > MIN_REMAINING_MS &&
      isSameView(presence, lastView)
    );
  }

  /** @returns the presence as it will be written */
  defer(presence: Presence): Presence {
    const { userId, readAt, source } = presence;
    this.collect(userId, readAt);
    const lease = renewedLease(presence, readAt, this.leaseSeconds);
    const changesAt = source === "CONNECTION" ? lease.leaseUntil : presence.changesAt;
    return Object.assign(presence, lease, { changesAt });
  }

  collect(userId: number, at: Date | null = null): void {
    this.collected.set(userId, { at, delays: 0 });
  }

  /**
   * Writes the collected heartbeats, after a write in flight. Those that fail or whose row is locked are collected again.
   *
   * @returns how many were written
   */
  write(): Promise<number> {
    const write = () => this.writeCollected();
    this.writing = this.writing.then(write, write);
    return this.writing;
  }

  private async writeCollected(): Promise<number> {
    const { collected } = this;
    if (collected.size === 0) return 0;
    this.collected = new Map();
    const heartbeats = [...collected].sort(([a], [b]) => a - b);
    let count = 0;
    while (heartbeats.length > 0) {
      const batch = heartbeats.splice(0, BATCH);
      try {
        const written = await this.writeBatch(new Map(batch));
        count += written.size;
        this.collectAgain(batch.filter(([userId]) => !written.has(userId)));
      } catch (error) {
        this.collectAgain([...batch, ...heartbeats]);
        throw error;
      }
    }
    return count;
  }

  /** @returns the users, without those whose row another transaction has locked */
  private async writeBatch(batch: ReadonlyMap<number, Heartbeat>): Promise<Set<number>> {
    return this.changes.make(system("heartbeats"), async (change) => {
      // One locked row must not make all other users look offline.
      const options = { onLocked: "skip_locked" } as const;
      const states = await lockPresences(change, [...batch.keys()], options);
      applyTransitions(change, states, "heartbeat", (state) =>
        this.editOf(state, batch.get(state.presence.userId)?.at ?? state.now),
      );
      return new Set(states.map(({ presence }) => presence.userId));
    });
  }

  private editOf({ presence, isActive }: PresenceState, at: Date): PresenceEdit | undefined {
    // Another process may have written a later one.
    const isNewer = presence.lastSeenAt === null || presence.lastSeenAt <= at;
    if (!isActive || !isNewer) return undefined;
    return { columns: renewedLease(presence, at, this.leaseSeconds) };
  }

  /** Drops heartbeats that a later one has replaced, and those that are older than a lease. */
  private collectAgain(heartbeats: readonly (readonly [number, Heartbeat])[]): void {
    for (const [userId, { at, delays }] of heartbeats) {
      if (this.collected.has(userId) || delays >= this.leaseSeconds) continue;
      this.collected.set(userId, { at, delays: delays + 1 });
    }
  }
}
