import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { Reservation } from "../entities/reservation.entity.js";
import { User } from "../entities/user.entity.js";
import { Columns } from "../entities/columns.js";
import { Batched } from "../graphql/execution/batched.js";
import { required } from "./shared/required.js";
import * as types from "./reservation.types.js";

interface ReservationPayload {
  readonly reservation: Reservation;
}

@Resolver(() => Reservation)
export class ReservationResolver {
  @Mutation(() => types.ReserveUserForLiveChannelPayload, {
    description:
      "Holds a slot of one agent for one chat. Refused with NOT_AVAILABLE and a `reason` in the extensions: USER_INACTIVE, NO_AGENT, AGENT_NOT_AVAILABLE, STATUS_NOT_AVAILABLE or MAX_CHATS_REACHED.",
  })
  async reserveUserForLiveChannel(
    @Arg("input", () => types.ReserveUserForLiveChannelInput, {
      description: "The agent and the options of the hold.",
    })
    input: types.ReserveUserForLiveChannelInput,
    @Ctx() { actor, services }: Context,
  ): Promise<ReservationPayload> {
    return { reservation: await services.reservations.reserve(actor, input) };
  }

  @Mutation(() => types.ReserveNextAvailablePayload, {
    description:
      "Holds a slot of the agent with the most free slots; among equals, of the one idle longest: since the last reservation was held or ended, or since the status took effect. Refused with NOT_AVAILABLE and the `reason` NOBODY_AVAILABLE when no agent is available.",
  })
  async reserveNextAvailable(
    @Arg("input", () => types.ReserveNextAvailableInput, {
      description: "The candidates and the options of the hold.",
    })
    input: types.ReserveNextAvailableInput,
    @Ctx() { actor, services }: Context,
  ): Promise<ReservationPayload> {
    return { reservation: await services.reservations.reserveNextAvailable(actor, input) };
  }

  @Mutation(() => types.AcceptReservationPayload, {
    description:
      "Accepts a held reservation, which then lasts until it is released. Repeating it changes nothing. Refused with CONFLICT and a `reason` in the extensions: WRONG_FENCING_TOKEN, or EXPIRED or RELEASED when the hold has ended.",
  })
  async acceptReservation(
    @Arg("input", () => types.AcceptReservationInput, { description: "The reservation." })
    input: types.AcceptReservationInput,
    @Ctx() { actor, services }: Context,
  ): Promise<ReservationPayload> {
    return { reservation: await services.reservations.accept(actor, input) };
  }

  @Mutation(() => types.ReleaseReservationPayload, {
    description:
      "Releases the slot, whether or not the reservation was accepted. A reservation that has ended stays unchanged. Refused with CONFLICT and the `reason` WRONG_FENCING_TOKEN for another token.",
  })
  async releaseReservation(
    @Arg("input", () => types.ReleaseReservationInput, { description: "The reservation." })
    input: types.ReleaseReservationInput,
    @Ctx() { actor, services }: Context,
  ): Promise<ReservationPayload> {
    return { reservation: await services.reservations.release(actor, input) };
  }

  @Batched
  @Columns<Reservation>("userId")
  @FieldResolver(() => User, { description: "The reserved agent's user." })
  user(@Root() reservations: Reservation[], @Ctx() { loaders }: Context): Promise<User[]> {
    return required(loaders.usersById(reservations.map(({ userId }) => userId)));
  }
}
