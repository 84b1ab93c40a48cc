import fc from "fast-check";
import { planPresence } from "../../src/domain/presence.js";
import { telephoneStatuses } from "../../src/domain/vocabulary.js";
import { PresenceClaim } from "../../src/entities/presence-claim.entity.js";
import { Presence } from "../../src/entities/presence.entity.js";
import { Status } from "../../src/entities/status.entity.js";
import type { PresenceState } from "../../src/services/presence/rules.js";
import type { Transition } from "../../src/services/presence/transition.js";
import { at, claims, LAST_MOMENT, moments } from "../domain/presence-arbitraries.js";

export const USER_ID = 7;

interface Given {
  readonly claims?: readonly Partial<PresenceClaim>[];
  readonly leaseUntil?: Date | null;
  readonly columns?: Partial<Presence>;
  readonly isActive?: boolean;
  /** When the row was written, and when it was locked. */
  readonly writtenAt?: Date;
  readonly now?: Date;
}

/** A row as `planPresence` wrote it at `writtenAt`, locked at `now`. */
export function stateOf(given: Given): PresenceState {
  const { leaseUntil = null, columns, isActive = true, writtenAt = at(0), now = writtenAt } = given;
  const rows = (given.claims ?? []).map((claim, i) =>
    Object.assign(new PresenceClaim(), { id: String(i + 1), setBy: null, reason: null }, claim),
  );
  const connections = leaseUntil ? [{ until: leaseUntil }] : [];
  const row: Partial<Presence> = {
    userId: USER_ID,
    ...planPresence(rows, connections, writtenAt, null),
    leaseUntil,
    onlineSince: leaseUntil && writtenAt,
    lastSeenAt: leaseUntil && writtenAt,
    lastRequestedAt: null,
    lastViewModule: null,
    lastViewName: null,
    lastViewTarget: null,
    telephoneStatus: "FREE",
    telephoneChangedAt: null,
    readAt: now,
    ...columns,
  };
  return { presence: Object.assign(new Presence(), row), claims: rows, now, isActive };
}

export const states: fc.Arbitrary<PresenceState> = fc
  .record({
    claims,
    lease: fc.option(moments.map(at)),
    written: moments,
    wait: moments,
    telephoneStatus: fc.constantFrom(...telephoneStatuses),
  })
  .map(({ claims: given, lease, written, wait, telephoneStatus }) => {
    const writtenAt = at(written);
    return stateOf({
      claims: given.filter(({ until }) => until === null || until > writtenAt),
      leaseUntil: lease && lease > writtenAt ? lease : null,
      columns: { telephoneStatus },
      writtenAt,
      now: at(written + wait),
    });
  });

/** After everything generated here has ended. */
export const END = at(3 * LAST_MOMENT);

/** What the next transaction locks, if nothing changes in between. */
export function stateAfter(state: PresenceState, { after, deleted, added }: Transition, now: Date) {
  const kept = state.claims.filter((claim) => !deleted.includes(claim));
  const row = added && Object.assign(new PresenceClaim(), { id: "new", userId: USER_ID }, added);
  const presence = Object.assign(new Presence(), after, { readAt: now });
  return { ...state, presence, claims: row ? [...kept, row] : kept, now };
}

export const SELECTABLE = 2;
export const NOT_SELECTABLE = 6;
export const UNKNOWN = 99;

export const statuses: ReadonlyMap<number, Status> = new Map(
  [1, SELECTABLE, 3, 4, NOT_SELECTABLE].map((id) => [
    id,
    Object.assign(new Status(), { id, name: `Status ${id}`, selectable: id !== NOT_SELECTABLE }),
  ]),
);
