import { toDuration } from "../../../src/legacy-rest/clientexec/mappers.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

it.each([
  [-MINUTE, "0m"],
  [0, "0m"],
  [MINUTE - 1, "0m"],
  [MINUTE, "1m"],
  [60 * MINUTE - 1, "59m"],
  [60 * MINUTE, "1h 0m"],
  [75 * MINUTE - SECOND, "1h 14m"],
  [24 * 60 * MINUTE, "24h 0m"],
])("%d milliseconds are shown as %s", (milliseconds, shown) => {
  expect(toDuration(milliseconds)).toBe(shown);
});
