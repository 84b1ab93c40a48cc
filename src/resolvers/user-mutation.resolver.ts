import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { User } from "../entities/user.entity.js";
import type { UpdateUserInput as UpdateUser } from "../services/users/user.service.js";
import * as types from "./user-mutation.types.js";

interface UserPayload {
  readonly user: User;
}

@Resolver()
export class UserMutationResolver {
  @Mutation(() => types.CreateUserPayload, {
    description: "Makes a person, with the ids in the old systems that everybody has.",
  })
  async createUser(
    @Arg("input", () => types.CreateUserInput, { description: "Who it is." })
    input: types.CreateUserInput,
    @Ctx() { actor, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.users.create(actor, input) };
  }

  @Mutation(() => types.UpdateUserPayload, {
    description: "Changes a person: what the input leaves out stays.",
  })
  async updateUser(
    @Arg("input", () => types.UpdateUserInput, { description: "Whom, and what." })
    input: types.UpdateUserInput,
    @Ctx() { actor, services }: Context,
  ): Promise<UserPayload> {
    // The service refuses the nulls that GraphQL's types cannot.
    return { user: await services.users.update(actor, input as UpdateUser) };
  }

  @Mutation(() => types.DeactivateUserPayload, {
    description:
      "Signs a person out everywhere and keeps them from coming back. Nothing is deleted.",
  })
  async deactivateUser(
    @Arg("input", () => types.DeactivateUserInput, { description: "Whom." })
    input: types.DeactivateUserInput,
    @Ctx() { actor, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.users.deactivate(actor, input) };
  }
}
