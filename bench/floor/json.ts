/** Characters that JSON must escape. */
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string or null as JSON. */
export function json(text: string | null): string {
  if (text === null) return "null";
  return SPECIAL.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** A timestamptz in UTC as Postgres formats it, with 0 to 6 decimals, in ISO 8601 with three. */
export const isoTime = (time: string | null): string =>
  time === null ? "null" : `"${time.slice(0, 10)}T${time.slice(11, 19)}.${fraction(time)}Z"`;

const fraction = (time: string): string =>
  time[19] === "." ? time.slice(20, time.indexOf("+")).padEnd(3, "0").slice(0, 3) : "000";

export const globalId = (type: string, key: string): string =>
  Buffer.from(`${type}:${key}`).toString("base64url");

export const displayName = (
  firstname: string | null,
  lastname: string | null,
  username: string | null,
): string => json([firstname, lastname].filter(Boolean).join(" ") || username);

/** The number in a global id. */
export const keyOf = (id: string): number =>
  Number(Buffer.from(id, "base64url").toString().split(":")[1]);

/** The last key in a cursor. */
export const cursorKey = (cursor: string): string =>
  (JSON.parse(Buffer.from(cursor, "base64url").toString()) as string[])[1] ?? "";

export const toCursor = (key: string): string =>
  Buffer.from(JSON.stringify(["username", key])).toString("base64url");
