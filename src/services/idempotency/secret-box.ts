import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { keyConflict } from "../../errors/domain-error.js";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts texts with a secret of which the database has only a hash. */
export function createSecretBox(secret: string, salt: string) {
  const key = Buffer.from(hkdfSync("sha256", secret, salt, "rollcall:idempotency", KEY_BYTES));
  return {
    seal: (text: string): Buffer => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce);
      const sealed = [cipher.update(text, "utf8"), cipher.final()];
      return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]);
    },
    /** @throws CONFLICT when the text was sealed with another secret */
    open: (sealed: Uint8Array): string => {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, key, nonce);
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString("utf8");
      } catch (error) {
        throw Object.assign(keyConflict("IDEMPOTENCY_ANSWER_SEALED"), { cause: error });
      }
    },
  };
}
