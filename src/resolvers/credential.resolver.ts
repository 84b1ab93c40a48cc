import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { ApiKey } from "../entities/api-key.entity.js";
import { User } from "../entities/user.entity.js";
import { loadSome } from "../loaders/key-order.js";
import { Batched, BatchedByActor } from "../graphql/execution/batched.js";
import * as types from "./credential.types.js";
import { Viewer } from "./credential.types.js";

@Resolver()
export class CredentialResolver {
  @Query(() => Viewer, { description: "Who is behind the credential, and what it may do." })
  viewer(@Ctx() { actor, services }: Context): Viewer {
    const { kind, name, permissions, userId } = services.users.viewer(actor);
    return Object.assign(new Viewer(), { kind, name, permissions: [...permissions], userId });
  }

  @Query(() => [ApiKey], { description: "Every API key, the revoked and the expired included." })
  apiKeys(@Ctx() { actor, services }: Context): Promise<ApiKey[]> {
    return services.apiKeys.list(actor);
  }

  @Mutation(() => types.LoginPayload, { description: "Signs a person in." })
  async login(
    @Arg("input", () => types.LoginInput, { description: "Who." }) input: types.LoginInput,
    @Ctx() context: Context,
  ): Promise<{ token: string; user: User; expiresAt: Date }> {
    const { actor, ...signedIn } = await context.services.login.login(context.actor, input);
    context.actor = actor;
    return signedIn;
  }

  @Mutation(() => types.LogoutPayload, {
    description: "Ends the session of this request, no other.",
  })
  async logout(@Ctx() { actor, services }: Context): Promise<{ ok: boolean }> {
    await services.login.logout(actor);
    return { ok: true };
  }

  @Mutation(() => types.CreateApiKeyPayload, {
    description: "Makes an API key. The secret is in this answer and nowhere else.",
  })
  createApiKey(
    @Arg("input", () => types.CreateApiKeyInput, { description: "What for." })
    input: types.CreateApiKeyInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ apiKey: ApiKey; secret: string }> {
    return services.apiKeys.create(actor, input);
  }

  @Mutation(() => types.RotateApiKeyPayload, {
    description:
      "Gives an API key a new secret, which is in this answer and nowhere else. The old one works for a while yet.",
  })
  rotateApiKey(
    @Arg("input", () => types.RotateApiKeyInput, { description: "Which key, and for how long." })
    input: types.RotateApiKeyInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ apiKey: ApiKey; secret: string; oldSecretUntil: Date }> {
    return services.apiKeys.rotate(actor, input);
  }

  @Mutation(() => types.RevokeApiKeyPayload, {
    description: "Makes an API key useless from the next request on, for ever.",
  })
  async revokeApiKey(
    @Arg("input", () => types.RevokeApiKeyInput, { description: "Which key." })
    input: types.RevokeApiKeyInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ apiKey: ApiKey }> {
    return { apiKey: await services.apiKeys.revoke(actor, input) };
  }
}

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Batched
  @FieldResolver(() => User, { nullable: true, description: "Whose key it is; null for nobody's." })
  owner(@Root() keys: ApiKey[], @Ctx() { loaders }: Context): Promise<(User | null)[]> {
    return loadSome(
      keys.map(({ ownerUserId }) => ownerUserId),
      loaders.usersById,
    );
  }
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @BatchedByActor
  @FieldResolver(() => User, {
    nullable: true,
    description: "The person who signed in, or whose key it is; null for a key of nobody.",
  })
  user(
    @Root() viewers: Viewer[],
    @Ctx() { actor, services, loaders }: Context,
  ): Promise<(User | null)[]> {
    const shown = ({ userId }: Viewer) =>
      userId !== null && services.users.maySee(actor, userId) ? userId : null;
    return loadSome(viewers.map(shown), loaders.usersById);
  }
}
