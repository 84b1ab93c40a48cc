import { z } from "zod";
import * as text from "../../domain/text-rules.js";
import { telephoneStatuses } from "../../domain/vocabulary.js";
import { userRef } from "../users/user-ref.js";

/** The inputs of the operations that change a presence. */
export const commandInputs = {
  setStatus: z.object({
    user: userRef,
    statusId: text.int32,
    until: z.date().nullish(),
    requestedAt: z.date().nullish(),
    lastInternalCallId: z.int().min(0).nullish(),
  }),
  lockStatus: z.object({
    user: userRef,
    statusId: text.int32,
    reason: text.freeText.nullish(),
    until: z.date().nullish(),
  }),
  unlockStatus: z.object({ user: userRef }),
  reportExternalStatus: z.object({
    user: userRef,
    source: text.label,
    statusId: text.int32.nullish(),
    until: z.date().nullish(),
  }),
  reportTelephoneStatus: z.object({
    user: userRef,
    telephoneStatus: z.enum(telephoneStatuses),
  }),
  heartbeat: z.object({
    user: userRef.nullish(),
    lastView: z
      .object({ module: text.label, view: text.label, target: text.label.nullish() })
      .nullish(),
  }),
};

type Inputs = typeof commandInputs;
export type CommandName = keyof Inputs;
export type CommandInput<Name extends CommandName> = z.input<Inputs[Name]>;

/** A parsed input without its user: `{ operation: "lockStatus", statusId, … }`. */
export type CommandOf<Name extends CommandName> = { readonly operation: Name } & Omit<
  z.output<Inputs[Name]>,
  "user"
>;
export type PresenceCommand = { [Name in CommandName]: CommandOf<Name> }[CommandName];
