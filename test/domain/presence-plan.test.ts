import fc from "fast-check";
import { effectiveStatus, planPresence, presenceAt } from "../../src/domain/presence.js";
import { AVAILABLE_STATUS_ID, OFFLINE_STATUS_ID } from "../../src/domain/status.js";
import {
  at,
  claimOf,
  claims,
  connections,
  LAST_MOMENT,
  momentOf,
  moments,
  statusIds,
} from "./presence-arbitraries.js";

/** A moment of planning, and a moment of reading at or after it. */
const planThenRead = fc
  .tuple(moments, fc.integer({ min: 0, max: LAST_MOMENT + 2 }))
  .map(([planned, wait]) => [planned, planned + wait] as const);

describe("a plan that is read later", () => {
  it("a plan read later equals the claims evaluated then", () => {
    fc.assert(
      fc.property(claims, connections, planThenRead, (given, devices, [planned, read]) => {
        const { statusId, source, changesAt } = presenceAt(
          planPresence(given, devices, at(planned), null),
          at(read),
        );
        expect({ statusId, source, until: changesAt }).toEqual(
          effectiveStatus(given, devices, at(read)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("a plan's since is the start of the uninterrupted status", () => {
    fc.assert(
      fc.property(claims, connections, planThenRead, (given, devices, [planned, read]) => {
        const { statusId, since } = presenceAt(
          planPresence(given, devices, at(planned), null),
          at(read),
        );
        const statusAt = (moment: number) => effectiveStatus(given, devices, at(moment)).statusId;
        const start = momentOf(since);
        expect(start).toBeGreaterThanOrEqual(planned);
        expect(start).toBeLessThanOrEqual(read);
        for (let moment = start; moment <= read; moment += 1) {
          if (statusAt(moment) !== statusId) throw new Error(`another status at ${moment}`);
        }
        if (start > planned) expect(statusAt(start - 1)).not.toBe(statusId);
      }),
      { numRuns: 1000 },
    );
  });

  it("a plan read step by step equals a plan read once", () => {
    fc.assert(
      fc.property(claims, connections, planThenRead, moments, (given, devices, [t0, t1], wait) => {
        const plan = planPresence(given, devices, at(t0), null);
        const later = at(t1 + wait);
        expect(presenceAt(presenceAt(plan, at(t1)), later)).toEqual(presenceAt(plan, later));
      }),
      { numRuns: 500 },
    );
  });

  it("the remaining plan equals a plan made later", () => {
    fc.assert(
      fc.property(claims, connections, planThenRead, (given, devices, [planned, read]) => {
        const stored = presenceAt(planPresence(given, devices, at(planned), null), at(read));
        expect(planPresence(given, devices, at(read), stored)).toEqual(stored);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a plan", () => {
  it("a plan has one step per end in order of time and survives JSON", () => {
    fc.assert(
      fc.property(claims, connections, moments, (given, devices, now) => {
        const { changesAt, plan } = planPresence(given, devices, at(now), null);
        const times = plan.map((step) => momentOf(new Date(step.at)));
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        expect(times[0]).toBe(changesAt ? momentOf(changesAt) : undefined);
        expect(times.every((time) => time > now)).toBe(true);
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
      { numRuns: 500 },
    );
  });

  it("a plan keeps since while the status stays and resets it when it changes", () => {
    fc.assert(
      fc.property(claims, connections, moments, statusIds, (given, devices, now, before) => {
        const since = at(-5);
        const planned = planPresence(given, devices, at(now), { statusId: before, since });
        expect(planned.since).toEqual(planned.statusId === before ? since : at(now));
      }),
      { numRuns: 500 },
    );
  });

  it("a plan continues a pause over a connection", () => {
    const pause = claimOf("MANUAL", { statusId: 5, until: at(3) });
    expect(planPresence([pause], [{ until: at(9) }], at(1), null)).toEqual({
      statusId: 5,
      source: "MANUAL",
      since: at(1),
      changesAt: at(3),
      plan: [
        {
          at: at(3).toISOString(),
          statusId: AVAILABLE_STATUS_ID,
          source: "CONNECTION",
          since: at(3).toISOString(),
        },
        {
          at: at(9).toISOString(),
          statusId: OFFLINE_STATUS_ID,
          source: "CONNECTION",
          since: at(9).toISOString(),
        },
      ],
    });
  });

  it("a plan keeps since when the next claim has the same status", () => {
    const busy = claimOf("MANUAL", { statusId: 2, until: at(3) });
    const meeting = claimOf("EXTERNAL", { statusId: 2, until: at(6) });
    const stored = planPresence([busy, meeting], [], at(1), null);
    expect(presenceAt(stored, at(4))).toMatchObject({ source: "EXTERNAL", since: at(1) });
  });
});
