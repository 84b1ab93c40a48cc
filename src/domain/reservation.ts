import type { Availability, ReservationState, StatusClass } from "./vocabulary.js";

export const DEFAULT_CHANNEL = "livechat";
export const DEFAULT_TTL_SECONDS = 30;
export const MAX_TTL_SECONDS = 3600;

/** What decides whether an agent can be reserved, all of one moment. */
export interface Capacity {
  readonly active: boolean;
  /** Null for a user without the role. */
  readonly availability: Availability | null;
  readonly statusName: string;
  readonly statusClass: StatusClass;
  readonly maxChats: number;
  /** Accepted, or held and not expired. */
  readonly activeReservations: number;
}

export type UnavailableReason =
  | "USER_INACTIVE"
  | "NO_AGENT"
  | "AGENT_NOT_AVAILABLE"
  | "STATUS_NOT_AVAILABLE"
  | "MAX_CHATS_REACHED"
  | "NOBODY_AVAILABLE";

export interface Unavailable {
  readonly reason: UnavailableReason;
  /** For humans. */
  readonly message: string;
}

/** Null for an agent that can be reserved; otherwise the first reason that applies. */
export function whyUnavailable(capacity: Capacity): Unavailable | null {
  const { active, availability, statusName, statusClass, maxChats, activeReservations } = capacity;
  if (!active) return { reason: "USER_INACTIVE", message: "The user is deactivated" };
  if (availability === null) return { reason: "NO_AGENT", message: "The user is no agent" };
  if (availability !== "AVAILABLE") {
    return {
      reason: "AGENT_NOT_AVAILABLE",
      message: "The agent takes no part in live channels",
    };
  }
  if (statusClass !== "AVAILABLE") {
    const message = `The agent's status is ${statusName}, of class ${statusClass}`;
    return { reason: "STATUS_NOT_AVAILABLE", message };
  }
  if (activeReservations >= maxChats) {
    const message = `The agent has ${activeReservations} of at most ${maxChats} chats`;
    return { reason: "MAX_CHATS_REACHED", message };
  }
  return null;
}

export const freeSlots = ({
  maxChats,
  activeReservations,
}: Pick<Capacity, "maxChats" | "activeReservations">): number =>
  Math.max(0, maxChats - activeReservations);

interface Candidate {
  readonly userId: number;
  readonly slots: number;
  readonly idleSince: Date;
}

/** Best agent first: most free slots, then longest idle, then lowest id. */
export const byPreference = (a: Candidate, b: Candidate): number =>
  b.slots - a.slots || a.idleSince.getTime() - b.idleSince.getTime() || a.userId - b.userId;

interface Held {
  readonly state: ReservationState;
  readonly expiresAt: Date;
}

/** A hold that was not accepted in time is expired, also before the sweeper has written that. */
export const stateAt = ({ state, expiresAt }: Held, now: Date): ReservationState =>
  state === "HELD" && expiresAt <= now ? "EXPIRED" : state;

const nextStates: Readonly<Record<ReservationState, readonly ReservationState[]>> = {
  HELD: ["ACCEPTED", "RELEASED", "EXPIRED"],
  ACCEPTED: ["RELEASED"],
  RELEASED: [],
  EXPIRED: [],
};

/** False also for the state it is in. */
export const mayBecome = (from: ReservationState, to: ReservationState): boolean =>
  nextStates[from].includes(to);

/** Whether no other state can follow. */
export const hasEnded = (state: ReservationState): boolean => nextStates[state].length === 0;
