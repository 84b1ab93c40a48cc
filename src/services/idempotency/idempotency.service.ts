import { createHash } from "node:crypto";
import { type Actor, credentialSubject } from "../../domain/actor.js";
import type { IdempotencyRecord } from "../../domain/idempotent-call.js";
import { badInput } from "../../errors/domain-error.js";
import { remember, type Remembered } from "../../database/changes/idempotent-change.js";
import type { Reader } from "../../database/reader.js";
import { createSecretBox } from "./secret-box.js";
import { repeatWhileFull } from "../../database/repeat-while-full.js";

const KEY = /^[\x21-\x7e]{1,255}$/;
const RETENTION = "24 hours";
const PRUNE_BATCH = 1000;

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

export interface BegunRequest {
  readonly record: IdempotencyRecord;
  /** The actor of the request; each of its operations begins with `inOperation`. */
  readonly actor: Actor;
  /** Null if the request was not executed before, or changed nothing. */
  readonly remembered: Remembered | null;
}

/**
 * Executes a request with an Idempotency-Key once, however often it is sent. The outcome of a change is stored in the
 * transaction of the change (`Changes.make`), so that a crash cannot separate the two.
 */
export class IdempotencyService {
  constructor(private readonly reader: Reader) {}

  /**
   * @param secret of the caller's credential; encrypts what is stored
   * @param parts everything that distinguishes the request from another one
   * @returns null without a credential, because keys belong to credentials
   * @throws BAD_USER_INPUT for a malformed key, CONFLICT for the key of a different request
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

  /** Stores the response; a request without changes has no row, and its response is not stored. */
  async finish({ credential, keyHash, seal }: IdempotencyRecord, answer: string): Promise<void> {
    await this.reader.query(
      `UPDATE idempotent_requests SET answer = $3 WHERE credential = $1 AND key_hash = $2`,
      [credential, keyHash, seal(answer)],
    );
  }

  /** Deletes requests older than a day. */
  async prune(): Promise<void> {
    await repeatWhileFull(PRUNE_BATCH, async () => {
      const pruned = await this.reader.query(
        `DELETE FROM idempotent_requests WHERE (credential, key_hash) IN (
           SELECT credential, key_hash FROM idempotent_requests WHERE created_at < now() - interval '${RETENTION}'
           ORDER BY created_at LIMIT ${PRUNE_BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING 1`,
      );
      return pruned.length;
    });
  }
}
