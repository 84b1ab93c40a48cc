import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import type { StatusClass, TelephoneStatus, UserKind } from "../domain/vocabulary.js";
import { StatusClassEnum, TelephoneStatusEnum, UserKindEnum } from "../entities/enums.js";
import type { PresenceClaim } from "../entities/presence-claim.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { StatusChange } from "../entities/status-change.entity.js";
import { connectionType } from "./shared/connection.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./user-by.input.js";

export const PresenceConnection = connectionType("Presence", Presence);
export const StatusChangeConnection = connectionType("StatusChange", StatusChange);

@ObjectType({ simpleResolvers: true, description: "Where in its software a person was last seen." })
export class LastView {
  @Field(() => String, { description: "The module, such as support." })
  module!: string;

  @Field(() => String, { description: "The view in the module, such as getticket." })
  view!: string;

  @Field(() => String, {
    nullable: true,
    description: "What was looked at, such as ticketid|105792; null for nothing in particular.",
  })
  target!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "A status that nobody can change until it ends.",
})
export class StatusLock {
  /** The row behind it; its status and author are fetched by the field resolvers. */
  claim!: PresenceClaim;

  @Field(() => String, { nullable: true, description: "Null when none was given." })
  reason!: string | null;

  @Field(() => Date, { description: "Since when." })
  lockedAt!: Date;

  @Field(() => Date, { nullable: true, description: "Until when; null: until released." })
  until!: Date | null;
}

@ObjectType({ simpleResolvers: true, description: "How long somebody was in one status." })
export class TimeInStatus {
  /** The status is fetched by the field resolver. */
  statusId!: number;

  @Field(() => Float, { description: "In seconds, more than 0." })
  seconds!: number;
}

@InputType({ description: "Which presences to list; all parts that are given must be true." })
export class PresenceFilter {
  @Field(() => Boolean, {
    nullable: true,
    description: "Connected, or not connected, people only.",
  })
  online?: boolean | null;

  @Field(() => [StatusClassEnum], {
    nullable: true,
    description: "People whose status in effect is of one of these classes.",
  })
  statusClass?: StatusClass[] | null;

  @Field(() => Int, { nullable: true, description: "People who have this status in effect." })
  statusId?: number | null;

  @Field(() => UserKindEnum, { nullable: true, description: "Staff or customers only." })
  kind?: UserKind | null;

  @Field(() => ID, { nullable: true, description: "Members of this group only." })
  groupId?: string | null;

  @Field(() => [ID], { nullable: true, description: "These people only; at most 1,000." })
  userIds?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: "Locked, or not locked, people only." })
  locked?: boolean | null;
}

@InputType({ description: "What `setStatus` needs." })
export class SetStatusInput {
  @Field(() => UserBy, { description: "Whose status." })
  user!: UserBy;

  @Field(() => Int, { description: "Which status; it must be selectable." })
  statusId!: number;

  @Field(() => Date, {
    nullable: true,
    description: "Until when, after which the status before it returns. Without it: for good.",
  })
  until?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description:
      "When the person asked, by the client's clock. A request older than the last one applied changes nothing.",
  })
  requestedAt?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: "The call that the client last knew of; kept in the status history.",
  })
  lastInternalCallId?: number | null;
}

@InputType({ description: "What `lockStatus` needs." })
export class LockStatusInput {
  @Field(() => UserBy, { description: "Whom to lock." })
  user!: UserBy;

  @Field(() => Int, { description: "In which status; any of the catalogue." })
  statusId!: number;

  @Field(() => String, {
    nullable: true,
    description: "Shown to whoever is refused; 1 to 500 characters.",
  })
  reason?: string | null;

  @Field(() => Date, { nullable: true, description: "Until when. Without it: until released." })
  until?: Date | null;
}

@InputType({ description: "What `unlockStatus` needs." })
export class UnlockStatusInput {
  @Field(() => UserBy, { description: "Whom to release." })
  user!: UserBy;
}

@InputType({ description: "Where in its software a person is." })
export class LastViewInput {
  @Field(() => String, { description: "The module, such as support." })
  module!: string;

  @Field(() => String, { description: "The view in the module, such as getticket." })
  view!: string;

  @Field(() => String, {
    nullable: true,
    description: "What is looked at, such as ticketid|105792.",
  })
  target?: string | null;
}

@InputType({ description: "What `heartbeat` needs." })
export class HeartbeatInput {
  @Field(() => UserBy, {
    nullable: true,
    description: "Who gave the sign of life. Without it: the user behind the credential.",
  })
  user?: UserBy | null;

  @Field(() => LastViewInput, {
    nullable: true,
    description: "Where they are. Without it: unchanged.",
  })
  lastView?: LastViewInput | null;
}

@InputType({ description: "What `reportExternalStatus` needs." })
export class ReportExternalStatusInput {
  @Field(() => UserBy, { description: "Whom the report is about." })
  user!: UserBy;

  @Field(() => String, {
    description: "Who reports, such as calendar. Its next report replaces this one.",
  })
  source!: string;

  @Field(() => Int, {
    nullable: true,
    description: "Which status. Without it: the report is withdrawn.",
  })
  statusId?: number | null;

  @Field(() => Date, { nullable: true, description: "Until when; required with a status." })
  until?: Date | null;
}

@InputType({ description: "What `reportTelephoneStatus` needs." })
export class ReportTelephoneStatusInput {
  @Field(() => UserBy, { description: "Whose telephone." })
  user!: UserBy;

  @Field(() => TelephoneStatusEnum, { description: "The state of the line." })
  telephoneStatus!: TelephoneStatus;
}

const presence = { type: () => Presence, description: "The presence after the change." };

export const SetStatusPayload = payloadType("SetStatus", {
  presence,
  applied: {
    type: () => Boolean,
    description: "False: a newer request had been applied already, so nothing was changed.",
  },
});
export const LockStatusPayload = payloadType("LockStatus", { presence });
export const UnlockStatusPayload = payloadType("UnlockStatus", { presence });
export const HeartbeatPayload = payloadType("Heartbeat", { presence });
export const ReportExternalStatusPayload = payloadType("ReportExternalStatus", { presence });
export const ReportTelephoneStatusPayload = payloadType("ReportTelephoneStatus", { presence });
