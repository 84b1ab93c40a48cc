import fc from "fast-check";
import { type Claim, effectiveStatus, leadingClaim } from "../../src/domain/presence.js";
import { AVAILABLE_STATUS_ID, OFFLINE_STATUS_ID } from "../../src/domain/status.js";
import { claimKinds } from "../../src/domain/vocabulary.js";
import { at, claimOf, claims, connections, LAST_MOMENT, moments } from "./presence-arbitraries.js";

const isAlive = ({ until }: Claim, moment: number): boolean => until === null || until > at(moment);

const claimsInTwoOrders = claims.chain((given) =>
  fc.tuple(
    fc.constant(given),
    fc.shuffledSubarray([...given], { minLength: given.length, maxLength: given.length }),
  ),
);

describe("the status in effect", () => {
  const lock = claimOf("LOCK", { statusId: 3 });
  const wrapUp = claimOf("INTERNAL", { statusId: 6, until: at(9) });
  const choice = claimOf("MANUAL", { statusId: 5 });
  const meeting = claimOf("EXTERNAL", { statusId: 2, until: at(8) });
  const device = { until: at(7) };

  it.each([
    ["the lock, over everything else", [meeting, choice, wrapUp, lock], 3, "LOCK", null],
    ["wrap-up, over a choice", [meeting, choice, wrapUp], 6, "INTERNAL", at(9)],
    ["the choice, over another system", [meeting, choice], 5, "MANUAL", null],
    ["another system, over the connection", [meeting], 2, "EXTERNAL", at(8)],
    ["available while connected", [], AVAILABLE_STATUS_ID, "CONNECTION", at(7)],
  ] as const)("the status in effect is %s", (_, given, statusId, source, until) => {
    expect(effectiveStatus(given, [device], at(1))).toEqual({ statusId, source, until });
  });

  it("the effective status is offline without claims and connections", () => {
    const offline = { statusId: OFFLINE_STATUS_ID, source: "CONNECTION", until: null };
    expect(effectiveStatus([], [], at(1))).toEqual(offline);
    expect(effectiveStatus([meeting], [device], at(8))).toEqual(offline);
  });

  it("the effective status stays the chosen Offline when a device connects", () => {
    const offline = claimOf("MANUAL", { statusId: OFFLINE_STATUS_ID });
    expect(effectiveStatus([offline], [device], at(1))).toEqual({
      statusId: OFFLINE_STATUS_ID,
      source: "MANUAL",
      until: null,
    });
  });

  it("the effective status lasts while one of several devices is connected", () => {
    const devices = [{ until: at(3) }, { until: at(9) }, { until: at(6) }];
    expect(effectiveStatus([], devices, at(1)).until).toEqual(at(9));
  });

  it("a claim is not in effect at its end", () => {
    expect(effectiveStatus([meeting], [], at(7)).source).toBe("EXTERNAL");
    expect(effectiveStatus([meeting], [], at(8)).source).toBe("CONNECTION");
    expect(effectiveStatus([], [device], at(6)).statusId).toBe(AVAILABLE_STATUS_ID);
    expect(effectiveStatus([], [device], at(7)).statusId).toBe(OFFLINE_STATUS_ID);
  });

  it("the effective status does not depend on the order of claims", () => {
    fc.assert(
      fc.property(claimsInTwoOrders, connections, moments, ([given, shuffled], devices, now) => {
        expect(effectiveStatus(shuffled, devices, at(now))).toEqual(
          effectiveStatus(given, devices, at(now)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("the effective status is that of the strongest live kind and its newest claim", () => {
    fc.assert(
      fc.property(claims, connections, moments, (given, devices, now) => {
        const { source, statusId } = effectiveStatus(given, devices, at(now));
        const living = given.filter((claim) => isAlive(claim, now));
        const kind = claimKinds.find((known) => living.some((claim) => claim.kind === known));
        expect(source).toBe(kind ?? "CONNECTION");
        if (kind === undefined) return;
        const ofKind = living.filter((claim) => claim.kind === kind);
        const newest = Math.max(...ofKind.map(({ setAt }) => setAt.getTime()));
        const winners = ofKind.filter(({ setAt }) => setAt.getTime() === newest);
        expect(winners.map((claim) => claim.statusId)).toContain(statusId);
      }),
      { numRuns: 1000 },
    );
  });

  it("expired claims and connections do not change the effective status", () => {
    fc.assert(
      fc.property(claims, connections, moments, (given, devices, now) => {
        expect(effectiveStatus(given, devices, at(now))).toEqual(
          effectiveStatus(
            given.filter((claim) => isAlive(claim, now)),
            devices.filter(({ until }) => until > at(now)),
            at(now),
          ),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("the effective status stays until the end that it returns", () => {
    fc.assert(
      fc.property(claims, connections, moments, (given, devices, now) => {
        const status = effectiveStatus(given, devices, at(now));
        const lasting = Array.from({ length: LAST_MOMENT + 2 - now }, (_, i) => at(now + i));
        for (const moment of lasting.filter((m) => status.until === null || m < status.until)) {
          expect(effectiveStatus(given, devices, moment)).toEqual(status);
        }
        if (status.until) {
          expect(effectiveStatus(given, devices, status.until).until).not.toEqual(status.until);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("the leading claim of a kind", () => {
  it("the leading claim of a kind is its newest live one, whatever stronger kinds hold", () => {
    const older = claimOf("MANUAL", { statusId: 1 });
    const newer = claimOf("MANUAL", { statusId: 2, setAt: at(2), until: at(5) });
    const given = [claimOf("LOCK"), older, newer];
    expect(leadingClaim(given, "MANUAL", at(3))).toBe(newer);
    expect(leadingClaim(given, "MANUAL", at(5))).toBe(older);
    expect(leadingClaim(given, "INTERNAL", at(3))).toBeNull();
  });

  it("the leading claim decides the status when no stronger kind does", () => {
    fc.assert(
      fc.property(claims, connections, moments, (given, devices, now) => {
        const status = effectiveStatus(given, devices, at(now));
        if (status.source === "CONNECTION") return;
        const { statusId, until } = status;
        expect(leadingClaim(given, status.source, at(now))).toMatchObject({ statusId, until });
      }),
      { numRuns: 500 },
    );
  });
});
