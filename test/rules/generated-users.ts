import fc from "fast-check";
import {
  type Claim,
  type Connection,
  leadingClaim,
  type PresencePlan,
  planPresence,
  withoutReplaced,
} from "../../src/domain/presence.js";
import { hasEnded, stateAt } from "../../src/domain/reservation.js";
import {
  type Availability,
  type ReservationState,
  reservationStates,
} from "../../src/domain/vocabulary.js";
import {
  at,
  claims,
  connections,
  LAST_MOMENT,
  momentOf,
  moments,
  statusIds,
} from "../domain/presence-arbitraries.js";

/** A user as the database stores it, with the claims and reservations that its columns follow from. */
export interface GeneratedUser {
  readonly id: number;
  readonly username: string;
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly active: boolean;
  /** Null: not an agent. */
  readonly availability: Availability | null;
  readonly maxChats: number;
  readonly claims: readonly Claim[];
  readonly lease: Date | null;
  /** When the presence was last written. */
  readonly storedAt: Date;
  /** The presence before that, which the history has. */
  readonly before: { readonly statusId: number; readonly since: Date };
  readonly firstStatusId: number;
  readonly presence: PresencePlan;
  readonly reservations: readonly GeneratedReservation[];
  readonly lastReservationAt: Date | null;
  readonly openSlots: number;
  readonly isMember: boolean;
}

interface GeneratedReservation {
  readonly state: ReservationState;
  readonly heldAt: Date;
  readonly expiresAt: Date;
}

export const isActiveAt = (reservation: GeneratedReservation, now: Date): boolean =>
  !hasEnded(stateAt(reservation, now));

export const lockOf = (user: GeneratedUser, now: Date): Claim | null =>
  leadingClaim(user.claims, "LOCK", now);

const name = fc.constantFrom(null, "Ada", "Bo");

/** So that there are several agents who can be reserved. */
const oftenTrue = fc.integer({ max: 3, min: 0 }).map((number) => number < 3);

/** Times as moments, so that many of them coincide. */
const userAtMoments = fc.record({
  firstname: name,
  lastname: name,
  active: oftenTrue,
  availability: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Availability>("AVAILABLE") },
    fc.constantFrom<Availability | null>("NOT_AVAILABLE", null),
  ),
  maxChats: fc.integer({ min: 0, max: 5 }),
  claims,
  connections,
  storedAt: fc.integer({ min: 0, max: LAST_MOMENT / 2 }),
  before: fc.record({ statusId: statusIds, since: moments }),
  firstStatusId: statusIds,
  isMember: fc.boolean(),
  reservations: fc.array(
    fc.record({
      state: fc.constantFrom(...reservationStates),
      heldAt: moments,
      lasts: fc.integer({ min: 0, max: LAST_MOMENT }),
    }),
    { maxLength: 4 },
  ),
});
type UserAtMoments = typeof userAtMoments extends fc.Arbitrary<infer Value> ? Value : never;

/** Users, and a moment after all of them were stored. */
export interface UsersAtMoment {
  readonly moment: number;
  readonly users: readonly UserAtMoments[];
}

export const usersAtMoment = (maxLength: number): fc.Arbitrary<UsersAtMoment> =>
  fc.record({
    // Late enough for many steps of a plan to be due.
    moment: fc.oneof(moments, fc.integer({ min: LAST_MOMENT / 2, max: LAST_MOMENT })),
    users: fc.array(userAtMoments, { minLength: 1, maxLength, size: "max" }),
  });

/** Between two moments. */
export const HOUR_MS = 3_600_000;

/** The time of a moment, where moments are hours and `moment` is at `now`. */
export const timeline =
  ({ moment }: UsersAtMoment, now: Date) =>
  (other: number): Date =>
    new Date(now.getTime() + (other - moment) * HOUR_MS);

/** @param ids of the users, in their order */
export const usersAt = (
  generated: UsersAtMoment,
  now: Date,
  ids: readonly number[],
): GeneratedUser[] =>
  generated.users.map((user, i) => {
    const storedAt = Math.min(user.storedAt, generated.moment);
    const id = ids[i] ?? 0;
    return { ...userAt({ ...user, storedAt }, timeline(generated, now)), id, username: `u${id}` };
  });

function userAt(
  user: UserAtMoments,
  timeOf: (moment: number) => Date,
): Omit<GeneratedUser, "id" | "username"> {
  const storedAt = timeOf(user.storedAt);
  const toTime = (date: Date) => timeOf(momentOf(date));
  const past = (moment: number) => Math.min(moment, user.storedAt);
  const claims = storedClaims(user).map((claim) => ({
    ...claim,
    setAt: toTime(claim.setAt),
    until: claim.until && toTime(claim.until),
  }));
  const [connection] = user.connections;
  const lease = connection ? toTime(connection.until) : null;
  const before = { ...user.before, since: timeOf(past(user.before.since)) };
  const reservations = user.reservations.map(({ state, heldAt, lasts }) => ({
    state,
    heldAt: timeOf(past(heldAt)),
    expiresAt: timeOf(past(heldAt) + lasts),
  }));
  const active = reservations.filter((reservation) => isActiveAt(reservation, storedAt)).length;
  const canBeReserved = user.active && user.availability === "AVAILABLE";
  return {
    ...user,
    claims,
    lease,
    storedAt,
    before,
    presence: planPresence(claims, connectionsOf(lease), storedAt, before),
    reservations,
    lastReservationAt: latest(reservations.map(({ heldAt }) => heldAt)),
    openSlots: canBeReserved ? Math.max(0, user.maxChats - active) : 0,
  };
}

const connectionsOf = (lease: Date | null): Connection[] => (lease ? [{ until: lease }] : []);

export const latest = (times: readonly Date[]): Date | null =>
  times.length > 0 ? new Date(Math.max(...times.map(Number))) : null;

/** The claims set by then, without those that others replaced. A claim with a source has an end. */
const storedClaims = ({ claims, storedAt }: UserAtMoments): readonly Claim[] =>
  claims
    .map((claim) => ({
      ...claim,
      setAt: at(Math.min(momentOf(claim.setAt), storedAt)),
      until: claim.source === null ? claim.until : (claim.until ?? at(LAST_MOMENT)),
    }))
    .sort((a, b) => a.setAt.getTime() - b.setAt.getTime())
    .reduce<readonly Claim[]>(
      (kept, claim) => [...withoutReplaced(kept, claim, claim.setAt), claim],
      [],
    );
