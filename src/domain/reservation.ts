import type { Availability, ReservationState, StatusClass } from "./vocabulary.js";

export const DEFAULT_CHANNEL = "livechat";
export const DEFAULT_TTL_SECONDS = 30;
export const MAX_TTL_SECONDS = 3600;

/** What decides whether somebody can be reserved, all of it at one moment. */
export interface Capacity {
  readonly active: boolean;
  /** Null for whoever is no agent. */
  readonly availability: Availability | null;
  readonly statusName: string;
  readonly statusClass: StatusClass;
  readonly maxChats: number;
  /** Held and not yet expired, or accepted. */
  readonly activeReservations: number;
}

/** Why nobody is reserved, for programs. */
export type UnavailableReason =
  | "USER_INACTIVE"
  | "NO_AGENT"
  | "AGENT_NOT_AVAILABLE"
  | "STATUS_NOT_AVAILABLE"
  | "MAX_CHATS_REACHED"
  | "NOBODY_AVAILABLE";

export interface Unavailable {
  readonly reason: UnavailableReason;
  /** The same for people. */
  readonly message: string;
}

/** Whether somebody can be reserved; null when they can. The first reason that holds is the one told. */
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

/** How many more chats fit. */
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

/** Who is reserved first: most free slots, then longest idle, then whoever came first. */
export const byPreference = (a: Candidate, b: Candidate): number =>
  b.slots - a.slots || a.idleSince.getTime() - b.idleSince.getTime() || a.userId - b.userId;

interface Held {
  readonly state: ReservationState;
  readonly expiresAt: Date;
}

/** What nobody accepted in time has expired, whether or not that was written down already. */
export const stateAt = ({ state, expiresAt }: Held, now: Date): ReservationState =>
  state === "HELD" && expiresAt <= now ? "EXPIRED" : state;

const nextStates: Readonly<Record<ReservationState, readonly ReservationState[]>> = {
  HELD: ["ACCEPTED", "RELEASED", "EXPIRED"],
  ACCEPTED: ["RELEASED"],
  RELEASED: [],
  EXPIRED: [],
};

/** Whether a reservation can go from one state to another. Staying where it is is no step. */
export const mayBecome = (from: ReservationState, to: ReservationState): boolean =>
  nextStates[from].includes(to);

/** Whether nothing can happen to it any more. */
export const hasEnded = (state: ReservationState): boolean => nextStates[state].length === 0;
