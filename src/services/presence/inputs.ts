import { z } from "zod";
import * as text from "../../domain/text-rules.js";
import { telephoneStatuses } from "../../domain/vocabulary.js";
import { userRef } from "../users/user-ref.js";

export const setStatusInput = z.object({
  user: userRef,
  statusId: text.int32,
  until: z.date().nullish(),
  requestedAt: z.date().nullish(),
  lastInternalCallId: z.int().min(0).nullish(),
});
export type SetStatusInput = z.input<typeof setStatusInput>;

export const lockStatusInput = z.object({
  user: userRef,
  statusId: text.int32,
  reason: text.freeText.nullish(),
  until: z.date().nullish(),
});
export type LockStatusInput = z.input<typeof lockStatusInput>;

export const unlockStatusInput = z.object({ user: userRef });
export type UnlockStatusInput = z.input<typeof unlockStatusInput>;

const lastViewInput = z.object({
  module: text.label,
  view: text.label,
  target: text.label.nullish(),
});
export const heartbeatInput = z.object({
  user: userRef.nullish(),
  lastView: lastViewInput.nullish(),
});
export type HeartbeatInput = z.input<typeof heartbeatInput>;

export const reportExternalStatusInput = z.object({
  user: userRef,
  source: text.label,
  statusId: text.int32.nullish(),
  until: z.date().nullish(),
});
export type ReportExternalStatusInput = z.input<typeof reportExternalStatusInput>;

export const reportTelephoneStatusInput = z.object({
  user: userRef,
  telephoneStatus: z.enum(telephoneStatuses),
});
export type ReportTelephoneStatusInput = z.input<typeof reportTelephoneStatusInput>;
