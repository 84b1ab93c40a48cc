import { type ClientBase, types } from "pg";

const { TIMESTAMPTZ } = types.builtins;
const parseAny = types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date | number | null;

/** Such as 2026-01-31 12:34:56.789012+00. Date.UTC adds 1900 to years below 100, so those with a leading 0 are excluded. */
const isPlain = (text: string): boolean =>
  text.length >= 22 &&
  text.length <= 29 &&
  text[0] !== "0" &&
  text[10] === " " &&
  text.endsWith("+00");

const digit = (text: string, at: number): number => text.charCodeAt(at) - "0".charCodeAt(0);
const number = (text: string, at: number): number => 10 * digit(text, at) + digit(text, at + 1);

/** Postgres omits trailing zeros. */
function milliseconds(text: string): number {
  const end = text.length - "+00".length;
  let value = 0;
  for (let at = 20; at < 23; at += 1) value = 10 * value + (at < end ? digit(text, at) : 0);
  return value;
}

/** Of the last call: the time of reading is the same in all rows of a result. */
let lastText = "";
let lastTime = 0;

/**
 * Parses timestamps in UTC, and leaves others to the driver. The driver's regular expression is a quarter of the cost of a
 * presence change, and `Date.parse` takes three times as long as this function for a long list.
 */
export function parseTimestamp(text: string): Date | number | null {
  if (text === lastText) return new Date(lastTime);
  if (!isPlain(text)) return parseAny(text);
  const year = 100 * number(text, 0) + number(text, 2);
  const [month, day] = [number(text, 5) - 1, number(text, 8)];
  const [hours, minutes, seconds] = [number(text, 11), number(text, 14), number(text, 17)];
  lastText = text;
  lastTime = Date.UTC(year, month, day, hours, minutes, seconds, milliseconds(text));
  return new Date(lastTime);
}

export function readTimestampsFast(client: ClientBase): void {
  client.setTypeParser(TIMESTAMPTZ, "text", parseTimestamp);
}
