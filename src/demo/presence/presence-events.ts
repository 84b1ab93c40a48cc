import { WRAP_UP_STATUS_ID } from "../../domain/status.js";
import type { ClaimKind, Door } from "../../domain/vocabulary.js";
import type { DemoUsername } from "../users.js";

/** An event in the history of a presence. Times are minutes before the seeding. */
export type PresenceEvent = Connected | Claimed;

export interface Connected {
  readonly what: "connected";
  readonly ago: number;
  /** Undefined: still connected. */
  readonly leftAgo: number | undefined;
}

export interface Claimed {
  readonly what: "claimed";
  readonly ago: number;
  /** Undefined: without an end. */
  readonly minutes: number | undefined;
  readonly kind: ClaimKind;
  readonly source: string | null;
  readonly statusId: number;
  /** Undefined: the user itself; null: another system. */
  readonly by: DemoUsername | null | undefined;
  readonly reason: string | null;
  readonly cause: string;
  readonly door: Door;
}

export const connects = (ago: number, leftAgo?: number): Connected => ({
  what: "connected",
  ago,
  leftAgo,
});

const claims = (statusId: number, ago: number, more: Pick<Claimed, "kind" | "cause">): Claimed => ({
  what: "claimed",
  ago,
  minutes: undefined,
  source: null,
  statusId,
  by: undefined,
  reason: null,
  door: "GRAPHQL",
  ...more,
});

export const chooses = (
  statusId: number,
  ago: number,
  more: Partial<Pick<Claimed, "minutes" | "door">> = {},
): Claimed => ({ ...claims(statusId, ago, { kind: "MANUAL", cause: "setStatus" }), ...more });

export const isLocked = (
  statusId: number,
  ago: number,
  more: { readonly by: DemoUsername } & Partial<Pick<Claimed, "minutes" | "reason" | "door">>,
): Claimed => ({ ...claims(statusId, ago, { kind: "LOCK", cause: "lockStatus" }), ...more });

/** Another system reports the status. */
export const isReported = (
  source: string,
  statusId: number,
  ago: number,
  minutes: number,
): Claimed => ({
  ...claims(statusId, ago, { kind: "EXTERNAL", cause: "reportExternalStatus" }),
  source,
  minutes,
  by: null,
});

export const wrapsUp = (ago: number, minutes: number): Claimed => ({
  ...claims(WRAP_UP_STATUS_ID, ago, { kind: "INTERNAL", cause: "releaseReservation" }),
  source: "wrap-up",
  minutes,
});
