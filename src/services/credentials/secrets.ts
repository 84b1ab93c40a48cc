import { createHash, hash as digest, randomBytes, randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

const API_KEY_MARK = "rollcall_key_";
const SESSION_TOKEN_MARK = "rollcall_session_";
const PREFIX_LENGTH = 8;

const random256 = (): string => randomBytes(32).toString("base64url");

export const newApiKeySecret = (): string => API_KEY_MARK + random256();
/** Whether it has the form of a key that Rollcall made. */
export const isApiKeySecret = (text: string): boolean =>
  text.startsWith(API_KEY_MARK) && /^[\w-]{43}$/.test(text.slice(API_KEY_MARK.length));

export const newSessionToken = (): string => SESSION_TOKEN_MARK + random256();

/** Enough to tell keys apart, too little to guess the rest. */
export const shownPrefix = (secret: string): string =>
  secret.startsWith(API_KEY_MARK)
    ? secret.slice(0, API_KEY_MARK.length + PREFIX_LENGTH)
    : secret.slice(0, 4);

/**
 * The form in which a secret is kept. Plain SHA-256: a secret of 256 random bits cannot be guessed,
 * so a slow hash would only cost. It is found by this hash, which leaves nothing to compare in time.
 */
export const hashSecret = (secret: string): Buffer => digest("sha256", secret, "buffer");

/** The same as text. */
export const hashSecretHex = (secret: string): string => digest("sha256", secret, "hex");

/** What somebody signs in with: some old clients never send a password, only its digest in hexadecimal. */
export type GivenPassword = string | { readonly sha256: string };

const digestOf = (given: GivenPassword): string =>
  typeof given === "string"
    ? createHash("sha256").update(given).digest("hex")
    : given.sha256.toLowerCase();

/**
 * argon2id with the library's defaults, which are OWASP's first choice. Made of the digest, so that one
 * hash serves whoever sends the password and whoever sends its digest.
 */
export const hashPassword = (password: string): Promise<string> => hash(digestOf(password));

/** The hash of nobody's password, so that an unknown name takes as long as a wrong password. */
const nobody: Promise<string> = hash(random256());

/** @param stored null when there is no such person or no password; takes the same time then */
export async function isPassword(stored: string | null, given: GivenPassword): Promise<boolean> {
  const matches = await verify(stored ?? (await nobody), digestOf(given));
  return matches && stored !== null;
}

/** The alphabet of Rocket.Chat's ids: letters and digits that are not taken for each other. */
const UNMISTAKABLE = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz";

export const newRocketChatId = (): string =>
  Array.from({ length: 17 }, () => UNMISTAKABLE[randomInt(UNMISTAKABLE.length)]).join("");
