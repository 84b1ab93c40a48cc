import type { ReservationState } from "../domain/vocabulary.js";
import type { Reservation } from "../entities/reservation.entity.js";
import type { DemoUsername } from "./users.js";
import { minutesAfter, minutesBefore } from "./times.js";
import { demoUserId } from "./user-rows.js";

/** Longer than the default of half a minute, so that one is still held when the demo is first opened. */
const HOLD_MINUTES = 3;

interface DemoReservation {
  readonly agent: DemoUsername;
  readonly channel: string;
  readonly state: ReservationState;
  readonly heldAgo: number;
}

/** Oldest first. Oisín and Giorgos have no free slot; every agent with an active reservation is AVAILABLE. */
const demoReservations: readonly DemoReservation[] = [
  { agent: "john.doe", channel: "livechat", state: "RELEASED", heldAgo: 1600 },
  { agent: "sigridur.thorsdottir", channel: "phone", state: "RELEASED", heldAgo: 290 },
  { agent: "olga.smirnova", channel: "livechat", state: "EXPIRED", heldAgo: 255 },
  { agent: "john.doe", channel: "livechat", state: "RELEASED", heldAgo: 150 },
  { agent: "anne-marie.lefevre", channel: "livechat", state: "EXPIRED", heldAgo: 90 },
  { agent: "oisin.omalley", channel: "phone", state: "RELEASED", heldAgo: 80 },
  { agent: "sigridur.thorsdottir", channel: "livechat", state: "ACCEPTED", heldAgo: 33 },
  { agent: "oisin.omalley", channel: "livechat", state: "ACCEPTED", heldAgo: 28 },
  { agent: "priya.sharma", channel: "phone", state: "RELEASED", heldAgo: 26 },
  { agent: "john.doe", channel: "livechat", state: "ACCEPTED", heldAgo: 14 },
  { agent: "sigridur.thorsdottir", channel: "livechat", state: "ACCEPTED", heldAgo: 11 },
  { agent: "giorgos.papadakis", channel: "phone", state: "HELD", heldAgo: 0 },
  { agent: "anne-marie.lefevre", channel: "livechat", state: "HELD", heldAgo: 0 },
];

type ReservationRow = Omit<Reservation, "id" | "globalId" | "user" | "readAt">;

export function demoReservationRows(now: Date): ReservationRow[] {
  const tokens = new Map<DemoUsername, number>();
  return demoReservations.map(({ agent, channel, state, heldAgo }) => {
    const fencingToken = (tokens.get(agent) ?? 0) + 1;
    tokens.set(agent, fencingToken);
    const heldAt = minutesBefore(now, heldAgo);
    return {
      userId: demoUserId(agent),
      channel,
      state,
      heldAt,
      expiresAt: minutesAfter(heldAt, HOLD_MINUTES),
      fencingToken,
      reservedBy: "margaret.okafor",
    };
  });
}
