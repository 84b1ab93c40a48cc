import { system } from "../../domain/actor.js";
import type { Presence } from "../../entities/presence.entity.js";
import type { Changes } from "../../database/change.js";
import { lockPresences, type PresenceEdit, type PresenceState, settleAll } from "./settlement.js";

/** How often what was collected is written. */
export const HEARTBEAT_INTERVAL_MS = 1000;

/** A lease that ends sooner is renewed at once: what is written later must come in time. */
const MIN_LEFT_MS = 2 * HEARTBEAT_INTERVAL_MS;

const BATCH = 1000;

interface SignOfLife {
  /** By the clock of the database; null: at the time of writing. */
  readonly at: Date | null;
  /** How often its row was found locked. */
  readonly delays: number;
}

/**
 * Signs of life that merely renew a lease, collected by this process and written together. A lost one,
 * after a crash, costs at most the second that it is kept here.
 */
export class Heartbeats {
  private collected = new Map<number, SignOfLife>();
  private writing: Promise<number> = Promise.resolve(0);

  constructor(
    private readonly changes: Changes,
    private readonly leaseSeconds: number,
  ) {}

  /** What a sign of life at a moment makes of a presence. */
  renewal(presence: Presence, at: Date): NonNullable<PresenceEdit["columns"]> {
    return {
      leaseUntil: new Date(at.getTime() + this.leaseSeconds * 1000),
      onlineSince: presence.online ? presence.onlineSince : at,
      lastSeenAt: at,
    };
  }

  /** Whether nobody will see, for as long as it is kept here, that it was not written yet. */
  mayWait({ leaseUntil, readAt }: Presence): boolean {
    return leaseUntil !== null && leaseUntil.getTime() - readAt.getTime() > MIN_LEFT_MS;
  }

  collect(userId: number, at: Date | null = null): void {
    this.collected.set(userId, { at, delays: 0 });
  }

  /**
   * Writes what was collected, once what is being written is. What fails, or is about a locked row, is collected again.
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
    const signs = [...collected].sort(([a], [b]) => a - b);
    let count = 0;
    while (signs.length > 0) {
      const batch = signs.splice(0, BATCH);
      try {
        const written = await this.writeBatch(new Map(batch));
        count += written.size;
        this.keep(batch.filter(([userId]) => !written.has(userId)));
      } catch (error) {
        this.keep([...batch, ...signs]);
        throw error;
      }
    }
    return count;
  }

  private async writeBatch(batch: ReadonlyMap<number, SignOfLife>): Promise<Set<number>> {
    return this.changes.make(system("heartbeats"), async (change) => {
      // Somebody who holds a row must not make everybody else look silent.
      const options = { onLocked: "skip_locked" } as const;
      const states = await lockPresences(change, [...batch.keys()], options);
      settleAll(change, states, "heartbeat", (state) =>
        this.editOf(state, batch.get(state.presence.userId)?.at ?? state.now),
      );
      return new Set(states.map(({ presence }) => presence.userId));
    });
  }

  private editOf({ presence, isActive }: PresenceState, at: Date): PresenceEdit | undefined {
    // Another process may have written a later one.
    const isNews = presence.lastSeenAt === null || presence.lastSeenAt <= at;
    return isActive && isNews ? { columns: this.renewal(presence, at) } : undefined;
  }

  /** Unless a later one came meanwhile, or it is older than the lease that it would give. */
  private keep(signs: readonly (readonly [number, SignOfLife])[]): void {
    for (const [userId, { at, delays }] of signs) {
      if (this.collected.has(userId) || delays >= this.leaseSeconds) continue;
      this.collected.set(userId, { at, delays: delays + 1 });
    }
  }
}
