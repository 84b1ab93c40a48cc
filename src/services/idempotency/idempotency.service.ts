import { createHash } from "node:crypto";
import { type Actor, credentialSubject } from "../../domain/actor.js";
import type { IdempotencyRecord } from "../../domain/idempotent-call.js";
import { badInput } from "../../errors/domain-error.js";
import { remember, type Remembered } from "../../database/idempotent-change.js";
import type { Reader } from "../../database/reader.js";
import { createSecretBox } from "./secret-box.js";
import { inBatches } from "../../database/in-batches.js";

const KEY = /^[\x21-\x7e]{1,255}$/;
const KEPT = "24 hours";
const PRUNED_AT_ONCE = 1000;

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

export interface BegunRequest {
  readonly record: IdempotencyRecord;
  /** The actor of the request; each of its operations begins with `inOperation`. */
  readonly actor: Actor;
  /** Null when it has not been executed before, or has changed nothing. */
  readonly remembered: Remembered | null;
}

/**
 * Requests that are executed once, however often they are sent: those that carry an Idempotency-Key.
 * That a change was made is written in its own transaction (`Changes.make`), so no death of a process
 * comes between the two.
 */
export class IdempotencyService {
  constructor(private readonly reader: Reader) {}

  /**
   * @param secret what the caller has shown: it seals what is kept
   * @param parts all that makes it another request
   * @returns null for who has no credential, since a key is somebody's
   * @throws BAD_USER_INPUT for a key that is none, CONFLICT for one of another request
   */
  async begin(
    actor: Actor,
    secret: string,
    key: string,
    parts: readonly string[],
  ): Promise<BegunRequest | null> {
    const credential = credentialSubject(actor);
    if (credential === null) return null;
    if (!KEY.test(key)) {
      const message = "must be 1 to 255 visible ASCII characters";
      throw badInput([{ path: "Idempotency-Key", message }]);
    }
    const record: IdempotencyRecord = {
      credential,
      keyHash: sha256(key),
      fingerprint: sha256(JSON.stringify(parts)),
      ...createSecretBox(secret, key),
    };
    const remembered = await remember(this.reader, record);
    const stored = remembered?.outcomes ?? new Map<string, string>();
    return { record, actor: { ...actor, idempotency: { record, stored, keys: [] } }, remembered };
  }

  /** Keeps the answer for the next time; a request that has changed nothing leaves nothing. */
  async finish({ credential, keyHash, seal }: IdempotencyRecord, answer: string): Promise<void> {
    await this.reader.query(
      `UPDATE idempotent_requests SET answer = $3 WHERE credential = $1 AND key_hash = $2`,
      [credential, keyHash, seal(answer)],
    );
  }

  /** Forgets what is older than a day. */
  async prune(): Promise<void> {
    await inBatches(PRUNED_AT_ONCE, async () => {
      const pruned = await this.reader.query(
        `DELETE FROM idempotent_requests WHERE (credential, key_hash) IN (
           SELECT credential, key_hash FROM idempotent_requests WHERE created_at < now() - interval '${KEPT}'
           ORDER BY created_at LIMIT ${PRUNED_AT_ONCE} FOR UPDATE SKIP LOCKED)
         RETURNING 1`,
      );
      return pruned.length;
    });
  }
}
