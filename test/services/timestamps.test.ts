import fc from "fast-check";
import { types } from "pg";
import { parseTimestamp } from "../../src/database/timestamps.js";

const parseByDriver = types.getTypeParser(types.builtins.TIMESTAMPTZ) as (text: string) => unknown;

const two = (max: number, min = 0) =>
  fc.integer({ min, max }).map((number) => String(number).padStart(2, "0"));

/** Timestamps in Postgres's format, of any era and any session time zone. */
const written = fc
  .tuple(
    fc.integer({ min: 1, max: 20_000 }).map((year) => String(year).padStart(4, "0")),
    fc.tuple(two(12, 1), two(28, 1)).map((parts) => parts.join("-")),
    fc.tuple(two(23), two(59), two(59)).map((parts) => parts.join(":")),
    fc.option(fc.stringMatching(/^\.\d{0,5}[1-9]$/), { nil: "" }),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant("+00") },
      fc.constantFrom("+02", "-03:30", "+05:53:28"),
    ),
    fc.oneof({ weight: 9, arbitrary: fc.constant("") }, fc.constant(" BC")),
  )
  .map(
    ([year, day, time, fraction, zone, era]) => `${year}-${day} ${time}${fraction}${zone}${era}`,
  );

it("a timestamp is parsed as by the driver, in every form that Postgres writes", () => {
  fc.assert(
    fc.property(written, (text) => expect(parseTimestamp(text)).toEqual(parseByDriver(text))),
    {
      examples: [
        ["infinity"],
        ["-infinity"],
        ["9999-12-31 23:59:59.999999+00"],
        ["0001-01-01 00:00:00+00"],
      ].map(([text]) => [text ?? ""]),
      numRuns: 1000,
    },
  );
});
