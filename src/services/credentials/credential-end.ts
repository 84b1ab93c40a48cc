import type { Change } from "../../database/changes/change.js";

/** All credentials of a user, or only the sessions; for a key, all secrets but the newest. */
export type EndedCredentials = "EVERYTHING" | "SESSIONS" | "OLD_SECRETS";

/**
 * Announces the end of a credential, in the same transaction. Requests authenticate every time, but open connections
 * did so when they were opened.
 *
 * @param subject global id of the credential, or of the user whose credentials end
 */
export function announceCredentialEnded(
  change: Change,
  subject: string,
  payload: { readonly reason: string; readonly ended?: EndedCredentials },
): void {
  change.announce({ topic: "credentialEnded", subject, payload });
}
