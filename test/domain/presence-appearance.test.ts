import fc from "fast-check";
import { expiriesOf } from "../../src/domain/presence-appearance.js";
import {
  type Claim,
  type Connection,
  effectiveStatus,
  leadingClaim,
  planPresence,
} from "../../src/domain/presence.js";
import { at, claimOf, claims, connections, LAST_MOMENT, moments } from "./presence-arbitraries.js";

/** Everything that a client can see, as text. The expiry of a lease is not visible. */
function seenAt(given: readonly Claim[], devices: readonly Connection[], moment: number): string {
  const now = at(moment);
  const { statusId, source, until } = effectiveStatus(given, devices, now);
  const lock = leadingClaim(given, "LOCK", now);
  return JSON.stringify([
    statusId,
    source,
    source === "CONNECTION" ? null : until,
    leadingClaim(given, "MANUAL", now)?.statusId,
    lock && given.indexOf(lock),
    devices.some((device) => device.until > now),
  ]);
}

it("expiries are published exactly for the times at which a visible property changes", () => {
  fc.assert(
    fc.property(claims, connections, moments, moments, (everything, devices, stored, wait) => {
      const isAlive = ({ until }: { until: Date | null }) => until === null || until > at(stored);
      const given = everything.filter(isAlive);
      const online = devices.filter(isAlive);
      const plan = planPresence(given, online, at(stored), null);
      const statusAt = (moment: number) => effectiveStatus(given, online, at(moment)).statusId;
      const expected = Array.from({ length: wait }, (_, i) => stored + i + 1)
        .filter((moment) => seenAt(given, online, moment) !== seenAt(given, online, moment - 1))
        .map((moment) => ({ at: at(moment), from: statusAt(moment - 1), to: statusAt(moment) }));
      expect(expiriesOf(plan, given, online, at(stored + wait))).toMatchObject(expected);
      expect(expiriesOf(plan, given, online, at(stored + wait))).toHaveLength(expected.length);
    }),
    { numRuns: 1000 },
  );
});

it("going offline below a choice and the end of a choice below a lock are published", () => {
  const lock = claimOf("LOCK", { statusId: 3 });
  const choice = claimOf("MANUAL", { statusId: 2, until: at(4) });
  const device = { until: at(6) };
  const plan = planPresence([lock, choice], [device], at(1), null);
  expect(plan.plan).toEqual([]);
  expect(expiriesOf(plan, [lock, choice], [device], at(LAST_MOMENT))).toEqual([
    { at: at(4), from: 3, to: 3, source: "LOCK", online: [true, true], locked: [true, true] },
    { at: at(6), from: 3, to: 3, source: "LOCK", online: [true, false], locked: [true, true] },
  ]);
});
