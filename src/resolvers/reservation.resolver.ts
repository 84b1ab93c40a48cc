import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { Reservation } from "../entities/reservation.entity.js";
import { User } from "../entities/user.entity.js";
import type { Properties } from "../database/table.js";
import { Batched } from "../graphql/execution/batched.js";
import { required } from "./shared/required.js";
import { Wanted } from "../graphql/execution/wanted.js";
import * as types from "./reservation.types.js";

interface ReservationPayload {
  readonly reservation: Reservation;
}

@Resolver(() => Reservation)
export class ReservationResolver {
  @Mutation(() => types.ReserveUserForLiveChannelPayload, {
    description:
      "Holds one agent for one chat. Refused with NOT_AVAILABLE and a `reason` among the extensions: USER_INACTIVE, NO_AGENT, AGENT_NOT_AVAILABLE, STATUS_NOT_AVAILABLE or MAX_CHATS_REACHED.",
  })
  async reserveUserForLiveChannel(
    @Arg("input", () => types.ReserveUserForLiveChannelInput, {
      description: "Whom, and on what terms.",
    })
    input: types.ReserveUserForLiveChannelInput,
    @Ctx() { actor, services }: Context,
  ): Promise<ReservationPayload> {
    return { reservation: await services.reservations.reserve(actor, input) };
  }

  @Mutation(() => types.ReserveNextAvailablePayload, {
    description:
      "Holds the agent with most free slots, of several the one longest idle: since their last reservation was held or ended, without any since their status is in effect. Refused with NOT_AVAILABLE and the `reason` NOBODY_AVAILABLE when there is none.",
  })
  async reserveNextAvailable(
    @Arg("input", () => types.ReserveNextAvailableInput, {
      description: "Among whom, and on what terms.",
    })
    input: types.ReserveNextAvailableInput,
    @Ctx() { actor, services }: Context,
  ): Promise<ReservationPayload> {
    return { reservation: await services.reservations.reserveNextAvailable(actor, input) };
  }

  @Mutation(() => types.AcceptReservationPayload, {
    description:
      "Takes a held agent up, who is then reserved until released. Doing it again changes nothing. Refused with CONFLICT and a `reason` among the extensions: WRONG_FENCING_TOKEN, or EXPIRED or RELEASED when it comes too late.",
  })
  async acceptReservation(
    @Arg("input", () => types.AcceptReservationInput, { description: "Which one." })
    input: types.AcceptReservationInput,
    @Ctx() { actor, services }: Context,
  ): Promise<ReservationPayload> {
    return { reservation: await services.reservations.accept(actor, input) };
  }

  @Mutation(() => types.ReleaseReservationPayload, {
    description:
      "Gives the slot back, accepted or not. A reservation that has ended stays as it is. Refused with CONFLICT and the `reason` WRONG_FENCING_TOKEN for another token.",
  })
  async releaseReservation(
    @Arg("input", () => types.ReleaseReservationInput, { description: "Which one." })
    input: types.ReleaseReservationInput,
    @Ctx() { actor, services }: Context,
  ): Promise<ReservationPayload> {
    return { reservation: await services.reservations.release(actor, input) };
  }

  @Batched
  @FieldResolver(() => User, { description: "Who is held." })
  user(
    @Root() reservations: Reservation[],
    @Ctx() { loaders }: Context,
    @Wanted() wanted?: Properties,
  ): Promise<User[]> {
    return required(
      loaders.usersById(
        reservations.map(({ userId }) => userId),
        wanted,
      ),
    );
  }
}
