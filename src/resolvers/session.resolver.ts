import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { LoginSession } from "../entities/login-session.entity.js";
import { RevokeSessionInput, RevokeSessionPayload } from "./credential.types.js";
import { UserBy } from "./user-by.input.js";

@Resolver(() => LoginSession)
export class SessionResolver {
  @Query(() => [LoginSession], {
    description: "Where a person is signed in: the newest 100 sessions that still work.",
  })
  sessions(
    @Arg("by", () => UserBy, { description: "Who." }) by: UserBy,
    @Ctx() { actor, services }: Context,
  ): Promise<LoginSession[]> {
    return services.sessions.list(actor, by);
  }

  @Mutation(() => RevokeSessionPayload, {
    description: "Ends a session from the next request on, and what is open under it.",
  })
  async revokeSession(
    @Arg("input", () => RevokeSessionInput, { description: "Which session." })
    input: RevokeSessionInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ session: LoginSession }> {
    return { session: await services.sessions.revoke(actor, input) };
  }

  @FieldResolver(() => Boolean, { description: "Whether this request was made with it." })
  isCurrent(@Root() { id }: LoginSession, @Ctx() { actor }: Context): boolean {
    return actor.kind === "SESSION" && actor.credentialId === id;
  }
}
