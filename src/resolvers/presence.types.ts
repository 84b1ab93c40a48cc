import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import type { StatusClass, TelephoneStatus, UserKind } from "../domain/vocabulary.js";
import { StatusClassEnum, TelephoneStatusEnum, UserKindEnum } from "../entities/enums.js";
import type { PresenceClaim } from "../entities/presence-claim.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { StatusChange } from "../entities/status-change.entity.js";
import { connectionType } from "./shared/connection.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./users/user-by.input.js";

export const PresenceConnection = connectionType("Presence", Presence);
export const StatusChangeConnection = connectionType("StatusChange", StatusChange);

@ObjectType({
  simpleResolvers: true,
  description: "The last view of a user in the client's software.",
})
export class LastView {
  @Field(() => String, { description: "The module, such as support." })
  module!: string;

  @Field(() => String, { description: "The view in the module, such as getticket." })
  view!: string;

  @Field(() => String, {
    nullable: true,
    description: "The object in the view, such as ticketid|105792; null for none.",
  })
  target!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "A lock: the status cannot be changed until it ends.",
})
export class StatusLock {
  /** The row of the lock; the field resolvers load its status and author. */
  claim!: PresenceClaim;

  @Field(() => String, { nullable: true, description: "The reason; null when none was given." })
  reason!: string | null;

  @Field(() => Date, { description: "When the lock was set." })
  lockedAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: "When the lock ends; null: when it is removed.",
  })
  until!: Date | null;
}

@ObjectType({ simpleResolvers: true, description: "How long a user was in one status." })
export class TimeInStatus {
  /** The field resolver loads the status. */
  statusId!: number;

  @Field(() => Float, { description: "The duration in seconds, more than 0." })
  seconds!: number;
}

@InputType({ description: "Conditions for a list of presences; all given conditions must hold." })
export class PresenceFilter {
  @Field(() => Boolean, {
    nullable: true,
    description: "Only users that are online, or that are not.",
  })
  online?: boolean | null;

  @Field(() => [StatusClassEnum], {
    nullable: true,
    description: "Only users whose status in effect has one of these classes.",
  })
  statusClass?: StatusClass[] | null;

  @Field(() => Int, { nullable: true, description: "Only users that have this status in effect." })
  statusId?: number | null;

  @Field(() => UserKindEnum, { nullable: true, description: "Only staff or only customers." })
  kind?: UserKind | null;

  @Field(() => ID, { nullable: true, description: "Only members of this group." })
  groupId?: string | null;

  @Field(() => [ID], { nullable: true, description: "Only these users; at most 1,000 ids." })
  userIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Only users whose status is locked, or is not.",
  })
  locked?: boolean | null;
}

@InputType({ description: "Input of `setStatus`." })
export class SetStatusInput {
  @Field(() => UserBy, { description: "The user." })
  user!: UserBy;

  @Field(() => Int, { description: "The status, which must be selectable." })
  statusId!: number;

  @Field(() => Date, {
    nullable: true,
    description: "When the status ends and the one before it returns. Default: never.",
  })
  until?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description:
      "When the user made the request, by the client's clock. A request older than the last applied one changes nothing.",
  })
  requestedAt?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: "The id of the last call known to the client; stored in the status history.",
  })
  lastInternalCallId?: number | null;
}

@InputType({ description: "Input of `lockStatus`." })
export class LockStatusInput {
  @Field(() => UserBy, { description: "The user." })
  user!: UserBy;

  @Field(() => Int, { description: "The status; any of the catalogue." })
  statusId!: number;

  @Field(() => String, {
    nullable: true,
    description: "Returned to callers whose change is refused; 1 to 500 characters.",
  })
  reason?: string | null;

  @Field(() => Date, {
    nullable: true,
    description: "When the lock ends. Default: when it is removed.",
  })
  until?: Date | null;
}

@InputType({ description: "Input of `unlockStatus`." })
export class UnlockStatusInput {
  @Field(() => UserBy, { description: "The user." })
  user!: UserBy;
}

@InputType({ description: "The current view of a user in the client's software." })
export class LastViewInput {
  @Field(() => String, { description: "The module, such as support." })
  module!: string;

  @Field(() => String, { description: "The view in the module, such as getticket." })
  view!: string;

  @Field(() => String, {
    nullable: true,
    description: "The object in the view, such as ticketid|105792.",
  })
  target?: string | null;
}

@InputType({ description: "Input of `heartbeat`." })
export class HeartbeatInput {
  @Field(() => UserBy, {
    nullable: true,
    description: "The user. Default: the user of the credential.",
  })
  user?: UserBy | null;

  @Field(() => LastViewInput, {
    nullable: true,
    description: "The current view. Default: unchanged.",
  })
  lastView?: LastViewInput | null;
}

@InputType({ description: "Input of `reportExternalStatus`." })
export class ReportExternalStatusInput {
  @Field(() => UserBy, { description: "The user that the report is about." })
  user!: UserBy;

  @Field(() => String, {
    description: "The reporting system, such as calendar. Its next report replaces this one.",
  })
  source!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The reported status. Default: the report is withdrawn.",
  })
  statusId?: number | null;

  @Field(() => Date, {
    nullable: true,
    description: "When the report ends; required with a status.",
  })
  until?: Date | null;
}

@InputType({ description: "Input of `reportTelephoneStatus`." })
export class ReportTelephoneStatusInput {
  @Field(() => UserBy, { description: "The user of the telephone." })
  user!: UserBy;

  @Field(() => TelephoneStatusEnum, { description: "The state of the line." })
  telephoneStatus!: TelephoneStatus;
}

const presence = { type: () => Presence, description: "The presence after the change." };

export const SetStatusPayload = payloadType("SetStatus", {
  presence,
  applied: {
    type: () => Boolean,
    description: "False: a newer request was applied before, so nothing changed.",
  },
});
export const LockStatusPayload = payloadType("LockStatus", { presence });
export const UnlockStatusPayload = payloadType("UnlockStatus", { presence });
export const HeartbeatPayload = payloadType("Heartbeat", { presence });
export const ReportExternalStatusPayload = payloadType("ReportExternalStatus", { presence });
export const ReportTelephoneStatusPayload = payloadType("ReportTelephoneStatus", { presence });
