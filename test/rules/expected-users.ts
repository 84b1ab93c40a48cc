import { presenceAt } from "../../src/domain/presence.js";
import { freeSlots, stateAt, whyUnavailable } from "../../src/domain/reservation.js";
import type { StatusClass } from "../../src/domain/vocabulary.js";
import type { AgentCapacity } from "../../src/services/agents/capacity.js";
import { type GeneratedUser, isActiveAt, latest } from "./generated-users.js";

export type Statuses = ReadonlyMap<number, { readonly name: string; readonly class: StatusClass }>;

/** The results of the domain's rules for generated users at a time. */
export class ExpectedUsers {
  constructor(
    readonly users: readonly GeneratedUser[],
    readonly now: Date,
    private readonly statuses: Statuses,
  ) {}

  /** @returns ids, ascending */
  readonly idsOf = (fits: (user: GeneratedUser) => boolean): number[] =>
    this.users.filter(fits).map(({ id }) => id);

  readonly presenceOf = ({ presence }: GeneratedUser) => presenceAt(presence, this.now);

  readonly statusOf = (user: GeneratedUser): number => this.presenceOf(user).statusId;

  readonly classOf = (user: GeneratedUser): StatusClass => this.status(user).class;

  readonly hasDueStep = (user: GeneratedUser): boolean => this.presenceOf(user) !== user.presence;

  readonly isOnline = ({ lease }: GeneratedUser): boolean => lease !== null && lease > this.now;

  /** The expiry of each reservation that is stored as held and has expired. */
  readonly expiriesOf = ({ reservations }: GeneratedUser): Date[] =>
    reservations
      .filter((held) => held.state === "HELD" && stateAt(held, this.now) === "EXPIRED")
      .map(({ expiresAt }) => expiresAt);

  readonly activeOf = ({ reservations }: GeneratedUser): number =>
    reservations.filter((reservation) => isActiveAt(reservation, this.now)).length;

  readonly capacityOf = (user: GeneratedUser): AgentCapacity => {
    const { id: userId, active, availability, maxChats, lastReservationAt } = user;
    const status = this.status(user);
    const used = latest([
      ...this.expiriesOf(user),
      ...(lastReservationAt ? [lastReservationAt] : []),
    ]);
    return {
      userId,
      active,
      availability,
      statusName: status.name,
      statusClass: status.class,
      maxChats,
      activeReservations: this.activeOf(user),
      idleSince: used ?? this.presenceOf(user).since,
      now: this.now,
    };
  };

  /** The free slots of a reservable user. */
  readonly openSlotsOf = (user: GeneratedUser): number => {
    const capacity = this.capacityOf(user);
    return whyUnavailable({ ...capacity, statusClass: "AVAILABLE" }) ? 0 : freeSlots(capacity);
  };

  private status(user: GeneratedUser) {
    const id = this.statusOf(user);
    const status = this.statuses.get(id);
    if (!status) throw new Error(`unknown status ${id}`);
    return status;
  }
}

/** The number of these hours in each status. An hour lasts until the next one. */
export function hoursInStatus(user: GeneratedUser, hours: readonly Date[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const hour of hours) {
    const id = statusIn(user, hour);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function statusIn(user: GeneratedUser, hour: Date): number {
  if (hour >= user.storedAt) return presenceAt(user.presence, hour).statusId;
  return hour >= user.before.since ? user.before.statusId : user.firstStatusId;
}
