/** What a subscriber gives back to go on after this event. */
export const toEventCursor = (eventId: number): string =>
  Buffer.from(`event:${eventId}`).toString("base64url");

/** Yields null for anything that `toEventCursor` cannot have made. */
export function fromEventCursor(cursor: string): number | null {
  const [, digits] = /^event:(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  const eventId = Number(digits);
  // There is one way to write it; decoding alone would read over characters that do not belong there.
  return toEventCursor(eventId) === cursor ? eventId : null;
}
