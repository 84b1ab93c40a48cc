import fc from "fast-check";
import type { Claim, Connection } from "../../src/domain/presence.js";
import { type ClaimKind, claimKinds } from "../../src/domain/vocabulary.js";

const START = Date.UTC(2030, 0, 1);

/** The last moment at which a generated claim or lease ends. Nothing changes after it. */
export const LAST_MOMENT = 30;

/** Moments are milliseconds. They are few, so that claims often begin and end together. */
export const at = (moment: number): Date => new Date(START + moment);

export const momentOf = (date: Date): number => date.getTime() - START;

export const moments = fc.integer({ min: 0, max: LAST_MOMENT });

export const statusIds = fc.integer({ min: 1, max: 4 });

export const claimOf = (kind: ClaimKind, claim: Partial<Claim> = {}): Claim => ({
  kind,
  source: kind === "EXTERNAL" || kind === "INTERNAL" ? "calendar" : null,
  statusId: 2,
  setAt: at(0),
  until: null,
  ...claim,
});

const ends = fc.option(moments.map(at), { freq: 4 });

export const claims: fc.Arbitrary<readonly Claim[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom(...claimKinds),
      source: fc.constantFrom("calendar", "telephone"),
      statusId: statusIds,
      setAt: moments.map(at),
      until: ends,
    })
    .map((claim) => claimOf(claim.kind, claimFields(claim))),
  { maxLength: 8 },
);

const claimFields = ({ kind, source, ...rest }: Claim): Partial<Claim> =>
  kind === "EXTERNAL" || kind === "INTERNAL" ? { ...rest, source } : rest;

export const connections: fc.Arbitrary<readonly Connection[]> = fc.array(
  moments.map((moment) => ({ until: at(moment) })),
  { maxLength: 3 },
);
