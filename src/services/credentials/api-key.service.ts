import { z } from "zod";
import { type Actor, system } from "../../domain/actor.js";
import { integerKeyOf } from "../../domain/global-id.js";
import * as text from "../../domain/text-rules.js";
import { type Permission, permissions } from "../../domain/vocabulary.js";
import { ApiKey } from "../../entities/api-key.entity.js";
import { RetiredApiKeySecret } from "../../entities/retired-api-key-secret.entity.js";
import { conflict, notFound } from "../../errors/domain-error.js";
import { type Change, type Changes } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { authorize } from "../authorize.js";
import { announceCredentialEnded } from "./credential-end.js";
import { isValidKey } from "./credential-sql.js";
import { assertFuture, parseInput } from "../parse-input.js";
import { getUser, userRef } from "../users/user-ref.js";
import { hashSecret, newApiKeySecret, displayedPrefix } from "./secrets.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const createApiKeyInput = z.object({
  name: text.label,
  permissions: z.array(z.enum(permissions)).min(1, "must contain at least one permission"),
  expiresAt: z.date().nullish(),
  owner: userRef.nullish(),
});
export type CreateApiKeyInput = z.input<typeof createApiKeyInput>;

const MAX_OVERLAP_SECONDS = 7 * 86_400;

const rotateApiKeyInput = z.object({
  id: z.string().max(100),
  overlapSeconds: z.int().min(0).max(MAX_OVERLAP_SECONDS),
});
export type RotateApiKeyInput = z.input<typeof rotateApiKeyInput>;

const revokeApiKeyInput = z.object({ id: z.string().max(100) });
export type RevokeApiKeyInput = z.input<typeof revokeApiKeyInput>;

export interface CreatedApiKey {
  readonly apiKey: ApiKey;
  /** Returned here and never again. */
  readonly secret: string;
}

export interface RotatedApiKey extends CreatedApiKey {
  readonly oldSecretUntil: Date;
}

/** API keys, the credentials of programs. */
export class ApiKeyService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  list(actor: Actor): Promise<ApiKey[]> {
    authorize(actor, "apiKeys");
    const columns = this.reader.table(ApiKey).columns("k");
    return this.reader.rows(ApiKey, `SELECT ${columns} FROM api_keys k ORDER BY k.id`);
  }

  /**
   * Creates a key. Its secret is returned here and never again.
   *
   * @throws NOT_FOUND for an unknown owner, BAD_USER_INPUT for an expiry in the past
   */
  @Idempotent(outcomes.createdApiKey)
  async create(actor: Actor, input: CreateApiKeyInput): Promise<CreatedApiKey> {
    authorize(actor, "createApiKey");
    const {
      owner,
      name,
      permissions: granted,
      expiresAt,
    } = parseInput(actor, createApiKeyInput, input);
    const ownerUser = owner ? await getUser(this.reader, actor, "createApiKey", owner) : null;
    const secret = newApiKeySecret();
    return this.changes.make(actor, async (change) => {
      if (expiresAt) assertFuture("expiresAt", expiresAt, await nowOf(change));
      const apiKey = await insertKey(change, secret, {
        name,
        permissions: [...new Set(granted)],
        expiresAt: expiresAt ?? null,
        ownerUserId: ownerUser?.id ?? null,
      });
      return { apiKey, secret };
    });
  }

  /**
   * Replaces the secret. The old secret, and older ones that are still valid, expire after the overlap.
   *
   * @throws NOT_FOUND for an unknown key, CONFLICT for a revoked or expired one
   */
  @Idempotent(outcomes.rotatedApiKey)
  async rotate(actor: Actor, input: RotateApiKeyInput): Promise<RotatedApiKey> {
    authorize(actor, "rotateApiKey");
    const { id, overlapSeconds } = parseInput(actor, rotateApiKeyInput, input);
    const secret = newApiKeySecret();
    return this.changes.make(actor, async (change) => {
      const { id: key, prefix } = await lockKey(change, id);
      const oldSecretUntil = await retireSecret(change, key, overlapSeconds);
      if (!oldSecretUntil)
        throw conflict("The API key is revoked or has expired; create a new one");
      const where = { id: key };
      await change.manager.update(ApiKey, where, {
        secretHash: hashSecret(secret),
        prefix: displayedPrefix(secret),
        generation: () => "generation + 1",
      });
      const apiKey = await change.manager.findOneByOrFail(ApiKey, where);
      change.audit({
        action: "rotateApiKey",
        targetType: "ApiKey",
        targetId: id,
        before: { prefix },
        after: { prefix: apiKey.prefix, oldSecretUntil },
      });
      announceCredentialEnded(change, id, { reason: "rotateApiKey", ended: "OLD_SECRETS" });
      return { apiKey, secret, oldSecretUntil };
    });
  }

  /** Takes effect with the next request. Revoking a revoked key changes nothing. */
  @Idempotent(outcomes.apiKey)
  async revoke(actor: Actor, input: RevokeApiKeyInput): Promise<ApiKey> {
    authorize(actor, "revokeApiKey");
    const { id } = parseInput(actor, revokeApiKeyInput, input);
    return this.changes.make(actor, async (change) => {
      const current = await lockKey(change, id);
      if (current.revokedAt) return current;
      const where = { id: current.id };
      await change.manager.update(ApiKey, where, { revokedAt: () => "now()" });
      change.audit({
        action: "revokeApiKey",
        targetType: "ApiKey",
        targetId: id,
        before: { name: current.name },
      });
      announceCredentialEnded(change, current.globalId, { reason: "revokeApiKey" });
      return change.manager.findOneByOrFail(ApiKey, where);
    });
  }

  /**
   * Creates a key with this secret unless there is one. A revoked key stays revoked, and a replaced secret stays
   * replaced.
   *
   * @returns whether the key was created
   */
  async ensure(
    secret: string,
    { name, permissions: granted }: { name: string; permissions: Permission[] },
  ): Promise<boolean> {
    return this.changes.make(system("start"), async (change) => {
      // Several processes may start concurrently.
      await change.query(`SELECT pg_advisory_xact_lock(hashtext('rollcall:ensure-api-key'))`);
      const secretHash = hashSecret(secret);
      if (await change.manager.existsBy(ApiKey, { secretHash })) return false;
      if (await change.manager.existsBy(RetiredApiKeySecret, { secretHash })) return false;
      await insertKey(change, secret, {
        name,
        permissions: granted,
        expiresAt: null,
        ownerUserId: null,
      });
      return true;
    });
  }
}

/** @throws NOT_FOUND */
async function lockKey(change: Change, id: string): Promise<ApiKey> {
  const key = integerKeyOf("ApiKey", id);
  const found =
    key === null
      ? null
      : await change.manager.findOne(ApiKey, {
          where: { id: key },
          lock: { mode: "pessimistic_write" },
        });
  if (!found) throw notFound("ApiKey", id);
  return found;
}

/** @returns the expiry of the old secret; null when the key is revoked or expired */
async function retireSecret(
  change: Change,
  key: number,
  overlapSeconds: number,
): Promise<Date | null> {
  const [retired] = await change.query<{ until: Date }>(
    `INSERT INTO retired_api_key_secrets (api_key_id, generation, secret_hash, expires_at)
     SELECT k.id, k.generation, k.secret_hash, least(k.expires_at, clock_timestamp() + make_interval(secs => $2))
     FROM api_keys k WHERE k.id = $1 AND ${isValidKey("k", "clock_timestamp()")}
     RETURNING expires_at AS until`,
    [key, overlapSeconds],
  );
  if (!retired) return null;
  await change.query(
    `UPDATE retired_api_key_secrets SET expires_at = $2 WHERE api_key_id = $1 AND expires_at > $2`,
    [key, retired.until],
  );
  return retired.until;
}

/** Database time, by which the key will expire. */
async function nowOf(change: Change): Promise<Date> {
  const [row] = await change.query<{ now: Date }>(`SELECT now()`);
  return row?.now ?? new Date();
}

async function insertKey(
  change: Change,
  secret: string,
  values: Pick<ApiKey, "name" | "permissions" | "expiresAt" | "ownerUserId">,
): Promise<ApiKey> {
  const { identifiers } = await change.manager.insert(ApiKey, {
    ...values,
    prefix: displayedPrefix(secret),
    secretHash: hashSecret(secret),
  });
  const apiKey = await change.manager.findOneByOrFail(ApiKey, identifiers[0] as { id: number });
  change.audit({
    action: "createApiKey",
    targetType: "ApiKey",
    targetId: apiKey.globalId,
    after: { ...values, prefix: apiKey.prefix },
  });
  return apiKey;
}
