import type { Change } from "../../database/change.js";

/**
 * Which of a person's credentials: all of them, or the sessions that they signed in to. Of a key: the
 * secrets before its newest one, now or soon.
 */
export type EndedOf = "EVERYTHING" | "SESSIONS" | "OLD_SECRETS";

/**
 * Told in the transaction that ends a credential, for whatever a caller keeps open: each request asks
 * afresh who is behind it, but an open socket has asked already.
 *
 * @param subject the credential, or the person all of whose credentials it is about
 */
export function announceCredentialEnded(
  change: Change,
  subject: string,
  payload: { readonly reason: string; readonly ended?: EndedOf },
): void {
  change.announce({ topic: "credentialEnded", subject, payload });
}
