import { Field, ID, InputType, Int } from "type-graphql";
import { Reservation } from "../entities/reservation.entity.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./user-by.input.js";

const CHANNEL = {
  nullable: true,
  description: "For which channel, such as phone; 1 to 100 characters. Without it: livechat.",
} as const;

const TTL_SECONDS = {
  nullable: true,
  description: "How long to wait to be accepted, 1 to 3600 seconds. Without it: 30.",
} as const;

@InputType({ description: "What `reserveUserForLiveChannel` needs." })
export class ReserveUserForLiveChannelInput {
  @Field(() => UserBy, { description: "Whom to hold." })
  user!: UserBy;

  @Field(() => String, CHANNEL)
  channel?: string | null;

  @Field(() => Int, TTL_SECONDS)
  ttlSeconds?: number | null;
}

@InputType({ description: "What `reserveNextAvailable` needs." })
export class ReserveNextAvailableInput {
  @Field(() => String, CHANNEL)
  channel?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Members of this group only. Without it: anybody.",
  })
  groupId?: string | null;

  @Field(() => Int, TTL_SECONDS)
  ttlSeconds?: number | null;
}

@InputType({ description: "What `acceptReservation` needs." })
export class AcceptReservationInput {
  @Field(() => ID, { description: "Which reservation." })
  id!: string;

  @Field(() => Int, { description: "As it was answered when the agent was reserved." })
  fencingToken!: number;
}

@InputType({ description: "What `releaseReservation` needs." })
export class ReleaseReservationInput {
  @Field(() => ID, { description: "Which reservation." })
  id!: string;

  @Field(() => Int, { description: "As it was answered when the agent was reserved." })
  fencingToken!: number;
}

const reservation = { type: () => Reservation, description: "The reservation after the change." };

export const ReserveUserForLiveChannelPayload = payloadType("ReserveUserForLiveChannel", {
  reservation,
});
export const ReserveNextAvailablePayload = payloadType("ReserveNextAvailable", { reservation });
export const AcceptReservationPayload = payloadType("AcceptReservation", { reservation });
export const ReleaseReservationPayload = payloadType("ReleaseReservation", { reservation });
