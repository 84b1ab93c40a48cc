import fc from "fast-check";
import { type Claim, leadingClaim, withoutReplaced } from "../../src/domain/presence.js";
import { type ClaimKind, claimKinds } from "../../src/domain/vocabulary.js";
import { at, claimOf, claims, moments, statusIds } from "./presence-arbitraries.js";

const after = (given: readonly Claim[], added: Claim, now = 1): readonly Claim[] => [
  ...withoutReplaced(given, added, at(now)),
  added,
];

/** A request with its delay after the previous one, often 0 ms, and its duration. */
interface Wish {
  readonly wait: number;
  readonly statusId: number;
  readonly lasts: number | null;
}

const MAX_WISHES = 8;
const MAX_WAIT = 3;
const MAX_LENGTH = 12;

const wishes: fc.Arbitrary<readonly Wish[]> = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: MAX_WAIT }),
    statusId: statusIds,
    lasts: fc.option(fc.integer({ min: 1, max: MAX_LENGTH }), { freq: 3 }),
  }),
  { minLength: 1, maxLength: MAX_WISHES },
);

function claimsAfter(kind: ClaimKind, wished: readonly Wish[]): readonly Claim[] {
  let now = 0;
  let given: readonly Claim[] = [];
  for (const { wait, statusId, lasts } of wished) {
    now += wait;
    const until = lasts === null ? null : at(now + lasts);
    given = after(given, claimOf(kind, { statusId, setAt: at(now), until }), now);
  }
  return given;
}

/** The status of each moment if each request overwrites its period. */
function painted(wished: readonly Wish[], options: { onWhite: boolean }): (number | undefined)[] {
  const canvas = Array<number | undefined>(MAX_WISHES * MAX_WAIT + MAX_LENGTH + 2).fill(undefined);
  let now = 0;
  for (const { wait, statusId, lasts } of wished) {
    now += wait;
    if (options.onWhite) canvas.fill(undefined);
    canvas.fill(statusId, now, lasts === null ? undefined : now + lasts);
  }
  return canvas;
}

it.each([
  ["MANUAL", "covers the one before until its end", false],
  ["LOCK", "replaces the one before", true],
  ["EXTERNAL", "replaces the one before of the same source", true],
  ["INTERNAL", "replaces the one before of the same source", true],
] as const)("withClaim: a %s claim %s", (kind, _, onWhite) => {
  fc.assert(
    fc.property(wishes, (wished) => {
      const given = claimsAfter(kind, wished);
      const now = wished.reduce((sum, { wait }) => sum + wait, 0);
      const expected = painted(wished, { onWhite }).slice(now);
      expect(expected.map((_, i) => leadingClaim(given, kind, at(now + i))?.statusId)).toEqual(
        expected,
      );
    }),
    { numRuns: 1000 },
  );
});

describe("a choice", () => {
  const forGood = claimOf("MANUAL", { statusId: 1 });
  const pause = claimOf("MANUAL", { statusId: 5, until: at(9) });

  it("a choice with an end keeps the choice before it", () => {
    expect(after([forGood], pause)).toEqual([forGood, pause]);
  });

  it("a choice without an end replaces every earlier one", () => {
    const busy = claimOf("MANUAL", { statusId: 2, setAt: at(1) });
    expect(after([forGood, pause], busy)).toEqual([busy]);
  });

  it("a new choice drops claims that can no longer be in effect", () => {
    const longer = claimOf("MANUAL", { statusId: 3, setAt: at(1), until: at(12) });
    expect(after([forGood, pause], longer)).toEqual([forGood, longer]);
  });
});

it("reports of different sources coexist", () => {
  const calendar = claimOf("EXTERNAL", { source: "calendar", until: at(9) });
  const telephone = claimOf("EXTERNAL", { source: "telephone", until: at(5) });
  expect(after([calendar], telephone)).toEqual([calendar, telephone]);
});

it("a claim of one kind keeps the live claims of others and drops the expired ones", () => {
  fc.assert(
    fc.property(claims, fc.constantFrom(...claimKinds), moments, (given, kind, now) => {
      const kept = withoutReplaced(
        given,
        claimOf(kind, { setAt: at(now), until: at(now + 1) }),
        at(now),
      );
      const others = (list: readonly Claim[]) => list.filter((claim) => claim.kind !== kind);
      expect(others(kept)).toEqual(
        others(given).filter(({ until }) => until === null || until > at(now)),
      );
      expect(kept.every(({ until }) => until === null || until > at(now))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
