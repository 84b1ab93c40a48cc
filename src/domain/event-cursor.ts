/** The cursor with which a subscription resumes after this event. */
export const toEventCursor = (eventId: number): string =>
  Buffer.from(`event:${eventId}`).toString("base64url");

/** @returns null for a text that `toEventCursor` cannot return */
export function fromEventCursor(cursor: string): number | null {
  const [, digits] = /^event:(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  const eventId = Number(digits);
  // Decoding ignores invalid characters; only the canonical text is accepted.
  return toEventCursor(eventId) === cursor ? eventId : null;
}
