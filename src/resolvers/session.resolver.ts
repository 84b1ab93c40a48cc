import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { LoginSession } from "../entities/login-session.entity.js";
import { RevokeSessionInput, RevokeSessionPayload } from "./credential.types.js";
import { UserBy } from "./users/user-by.input.js";

@Resolver(() => LoginSession)
export class SessionResolver {
  @Query(() => [LoginSession], {
    description: "The newest 100 valid login sessions of a user.",
  })
  sessions(
    @Arg("by", () => UserBy, { description: "The user." }) by: UserBy,
    @Ctx() { actor, services }: Context,
  ): Promise<LoginSession[]> {
    return services.sessions.list(actor, by);
  }

  @Mutation(() => RevokeSessionPayload, {
    description: "Ends a session from the next request on, and closes its open connections.",
  })
  async revokeSession(
    @Arg("input", () => RevokeSessionInput, { description: "The session." })
    input: RevokeSessionInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ session: LoginSession }> {
    return { session: await services.sessions.revoke(actor, input) };
  }

  @FieldResolver(() => Boolean, { description: "Whether this request uses the session." })
  isCurrent(@Root() { id }: LoginSession, @Ctx() { actor }: Context): boolean {
    return actor.kind === "SESSION" && actor.credentialId === id;
  }
}
