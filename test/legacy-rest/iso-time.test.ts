import fc from "fast-check";
import { toIsoTime } from "../../src/legacy-rest/iso-time.js";

it("a time of any year is written as by JavaScript", () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (time) =>
      expect(toIsoTime(time)).toBe(time.toISOString()),
    ),
    {
      examples: [
        "2026-02-28T23:59:59.999Z",
        "2024-02-29T00:00:00.000Z",
        "1000-01-01T00:00:00.000Z",
        "0999-12-31T23:59:59.999Z",
        "9999-12-31T23:59:59.999Z",
        "+010000-01-01T00:00:00.000Z",
      ].map((text): [Date] => [new Date(text)]),
      numRuns: 1000,
    },
  );
});

it("an invalid time is refused as by JavaScript", () => {
  expect(() => toIsoTime(new Date(NaN))).toThrow(RangeError);
});
