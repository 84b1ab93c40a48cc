import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { ApiKey } from "../entities/api-key.entity.js";
import { User } from "../entities/user.entity.js";
import { loadSome } from "../loaders/key-order.js";
import { Columns } from "../entities/columns.js";
import { Batched, BatchedByActor } from "../graphql/execution/batched.js";
import * as types from "./credential.types.js";
import { Viewer } from "./credential.types.js";

@Resolver()
export class CredentialResolver {
  @Query(() => Viewer, { description: "The holder of the credential, and its permissions." })
  viewer(@Ctx() { actor, services }: Context): Viewer {
    const { kind, name, permissions, userId } = services.users.viewer(actor);
    return Object.assign(new Viewer(), { kind, name, permissions: [...permissions], userId });
  }

  @Query(() => [ApiKey], { description: "Every API key, including revoked and expired ones." })
  apiKeys(@Ctx() { actor, services }: Context): Promise<ApiKey[]> {
    return services.apiKeys.list(actor);
  }

  @Mutation(() => types.LoginPayload, { description: "Logs a user in with a password." })
  async login(
    @Arg("input", () => types.LoginInput, { description: "The user and the password." })
    input: types.LoginInput,
    @Ctx() context: Context,
  ): Promise<{ token: string; user: User; expiresAt: Date }> {
    const { actor, ...signedIn } = await context.services.login.login(context.actor, input);
    context.actor = actor;
    return signedIn;
  }

  @Mutation(() => types.LogoutPayload, {
    description: "Ends the session of this request, and no other.",
  })
  async logout(@Ctx() { actor, services }: Context): Promise<{ ok: boolean }> {
    await services.login.logout(actor);
    return { ok: true };
  }

  @Mutation(() => types.CreateApiKeyPayload, {
    description: "Creates an API key. The secret is returned only here.",
  })
  createApiKey(
    @Arg("input", () => types.CreateApiKeyInput, {
      description: "The name and the permissions of the key.",
    })
    input: types.CreateApiKeyInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ apiKey: ApiKey; secret: string }> {
    return services.apiKeys.create(actor, input);
  }

  @Mutation(() => types.RotateApiKeyPayload, {
    description:
      "Gives an API key a new secret, which is returned only here. The old secret stays valid for the given time.",
  })
  rotateApiKey(
    @Arg("input", () => types.RotateApiKeyInput, { description: "The key and the overlap." })
    input: types.RotateApiKeyInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ apiKey: ApiKey; secret: string; oldSecretUntil: Date }> {
    return services.apiKeys.rotate(actor, input);
  }

  @Mutation(() => types.RevokeApiKeyPayload, {
    description: "Revokes an API key permanently, from the next request on.",
  })
  async revokeApiKey(
    @Arg("input", () => types.RevokeApiKeyInput, { description: "The key." })
    input: types.RevokeApiKeyInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ apiKey: ApiKey }> {
    return { apiKey: await services.apiKeys.revoke(actor, input) };
  }
}

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Batched
  @Columns<ApiKey>("ownerUserId")
  @FieldResolver(() => User, {
    nullable: true,
    description: "The owner of the key; null without one.",
  })
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
    description:
      "The user that logged in, or the owner of the key; null for a key without an owner.",
  })
  user(
    @Root() viewers: Viewer[],
    @Ctx() { actor, services, loaders }: Context,
  ): Promise<(User | null)[]> {
    const shown = ({ userId }: Viewer) =>
      userId !== null && services.users.canSee(actor, userId) ? userId : null;
    return loadSome(viewers.map(shown), loaders.usersById);
  }
}
