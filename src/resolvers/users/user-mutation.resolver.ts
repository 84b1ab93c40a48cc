import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import { User } from "../../entities/user.entity.js";
import type { UpdateUserInput as UpdateUser } from "../../services/users/user.service.js";
import * as types from "./user-mutation.types.js";

interface UserPayload {
  readonly user: User;
}

@Resolver()
export class UserMutationResolver {
  @Mutation(() => types.CreateUserPayload, {
    description: "Creates a user, with an id in every legacy system.",
  })
  async createUser(
    @Arg("input", () => types.CreateUserInput, { description: "The user." })
    input: types.CreateUserInput,
    @Ctx() { actor, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.users.create(actor, input) };
  }

  @Mutation(() => types.UpdateUserPayload, {
    description: "Changes a user; omitted fields stay unchanged.",
  })
  async updateUser(
    @Arg("input", () => types.UpdateUserInput, { description: "The user and the changes." })
    input: types.UpdateUserInput,
    @Ctx() { actor, services }: Context,
  ): Promise<UserPayload> {
    // The service refuses nulls that the GraphQL types cannot exclude.
    return { user: await services.users.update(actor, input as UpdateUser) };
  }

  @Mutation(() => types.DeactivateUserPayload, {
    description: "Deactivates a user: ends all sessions and refuses logins. Nothing is deleted.",
  })
  async deactivateUser(
    @Arg("input", () => types.DeactivateUserInput, { description: "The user." })
    input: types.DeactivateUserInput,
    @Ctx() { actor, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.users.deactivate(actor, input) };
  }
}
