import type { Actor } from "../domain/actor.js";
import { toGlobalId } from "../domain/global-id.js";
import type { Change } from "../persistence/change.js";

/** What the credential of an actor is called in events; null for who has none. */
export function credentialSubject({
  kind,
  credentialId,
}: Pick<Actor, "kind" | "credentialId">): string | null {
  if (credentialId === null) return null;
  return toGlobalId(kind === "API_KEY" ? "ApiKey" : "LoginSession", credentialId);
}

/**
 * The same, and by which of a key's secrets the actor has come: what is open may end before the key does.
 */
export const shownSecret = (
  actor: Pick<Actor, "kind" | "credentialId" | "secretGeneration">,
): string => `${credentialSubject(actor)} ${actor.secretGeneration ?? 0}`;

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
