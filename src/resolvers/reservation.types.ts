import { Field, ID, InputType, Int } from "type-graphql";
import { Reservation } from "../entities/reservation.entity.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./users/user-by.input.js";

const CHANNEL = {
  nullable: true,
  description: "The channel, such as phone; 1 to 100 characters. Default: livechat.",
} as const;

const TTL_SECONDS = {
  nullable: true,
  description: "The time to accept the reservation, 1 to 3600 seconds. Default: 30.",
} as const;

@InputType({ description: "Input of `reserveUserForLiveChannel`." })
export class ReserveUserForLiveChannelInput {
  @Field(() => UserBy, { description: "The agent." })
  user!: UserBy;

  @Field(() => String, CHANNEL)
  channel?: string | null;

  @Field(() => Int, TTL_SECONDS)
  ttlSeconds?: number | null;
}

@InputType({ description: "Input of `reserveNextAvailable`." })
export class ReserveNextAvailableInput {
  @Field(() => String, CHANNEL)
  channel?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Only members of this group. Default: all agents.",
  })
  groupId?: string | null;

  @Field(() => Int, TTL_SECONDS)
  ttlSeconds?: number | null;
}

@InputType({ description: "Input of `acceptReservation`." })
export class AcceptReservationInput {
  @Field(() => ID, { description: "The reservation." })
  id!: string;

  @Field(() => Int, { description: "The token that the reservation returned." })
  fencingToken!: number;
}

@InputType({ description: "Input of `releaseReservation`." })
export class ReleaseReservationInput {
  @Field(() => ID, { description: "The reservation." })
  id!: string;

  @Field(() => Int, { description: "The token that the reservation returned." })
  fencingToken!: number;
}

const reservation = { type: () => Reservation, description: "The reservation after the change." };

export const ReserveUserForLiveChannelPayload = payloadType("ReserveUserForLiveChannel", {
  reservation,
});
export const ReserveNextAvailablePayload = payloadType("ReserveNextAvailable", { reservation });
export const AcceptReservationPayload = payloadType("AcceptReservation", { reservation });
export const ReleaseReservationPayload = payloadType("ReleaseReservation", { reservation });
