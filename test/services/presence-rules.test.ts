import fc from "fast-check";
import { effectiveStatus, leadingClaim } from "../../src/domain/presence.js";
import { DomainError } from "../../src/errors/domain-error.js";
import type { PresenceCommand } from "../../src/services/presence/inputs.js";
import {
  applyCommand,
  isSameView,
  type PresenceState,
  wrapUp,
} from "../../src/services/presence/rules.js";
import { transitionOf } from "../../src/services/presence/transition.js";
import { at, claimOf } from "../domain/presence-arbitraries.js";
import {
  NOT_SELECTABLE,
  SELECTABLE,
  stateAfter,
  stateOf,
  states,
  statuses,
  UNKNOWN,
} from "./presence-states.js";

const context = { setBy: 1, statuses, leaseSeconds: 45 };
const by = { actor: { name: "ada", door: "GRAPHQL" }, cause: "test" } as const;

const setStatus = { operation: "setStatus", statusId: SELECTABLE } as const;
const lockStatus = { operation: "lockStatus", statusId: SELECTABLE } as const;
const unlockStatus = { operation: "unlockStatus" } as const;
const report = { operation: "reportExternalStatus", source: "calendar" } as const;
const telephone = { operation: "reportTelephoneStatus", telephoneStatus: "BUSY" } as const;
const heartbeat = { operation: "heartbeat" } as const;

/** The state after the command. */
function applied(state: PresenceState, command: PresenceCommand): PresenceState {
  const transition = transitionOf(state, applyCommand(state, command, context).edit, by);
  return transition ? stateAfter(state, transition, state.now) : state;
}

const statusOf = ({ presence, claims, now }: PresenceState) => {
  const connections = presence.leaseUntil ? [{ until: presence.leaseUntil }] : [];
  return effectiveStatus(claims, connections, now).statusId;
};

function refusalOf(state: PresenceState, command: PresenceCommand): string | undefined {
  try {
    applyCommand(state, command, context);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

const free = stateOf({});
const locked = stateOf({ claims: [claimOf("LOCK", { statusId: 3 })] });
const inactive = stateOf({ isActive: false });
const { now } = free;

it.each<[string, PresenceState, PresenceCommand, string | undefined]>([
  ["setStatus", free, setStatus, undefined],
  ["setStatus while locked", locked, setStatus, "STATUS_LOCKED"],
  ["setStatus to an unknown status", free, { ...setStatus, statusId: UNKNOWN }, "NOT_FOUND"],
  [
    "setStatus to an unknown status while locked",
    locked,
    { ...setStatus, statusId: UNKNOWN },
    "STATUS_LOCKED",
  ],
  [
    "setStatus to a status that is not selectable",
    free,
    { ...setStatus, statusId: NOT_SELECTABLE },
    "BAD_USER_INPUT",
  ],
  ["setStatus until now", free, { ...setStatus, until: now }, "BAD_USER_INPUT"],
  ["setStatus until later", free, { ...setStatus, until: at(1) }, undefined],
  ["lockStatus while locked", locked, lockStatus, undefined],
  ["lockStatus to an unknown status", free, { ...lockStatus, statusId: UNKNOWN }, "NOT_FOUND"],
  [
    "lockStatus to a status that is not selectable",
    free,
    { ...lockStatus, statusId: NOT_SELECTABLE },
    undefined,
  ],
  ["lockStatus until now", free, { ...lockStatus, until: now }, "BAD_USER_INPUT"],
  ["unlockStatus without a lock", free, unlockStatus, undefined],
  [
    "reportExternalStatus without an end",
    free,
    { ...report, statusId: SELECTABLE },
    "BAD_USER_INPUT",
  ],
  [
    "reportExternalStatus of an unknown status",
    free,
    { ...report, statusId: UNKNOWN, until: at(1) },
    "NOT_FOUND",
  ],
  [
    "reportExternalStatus until now",
    free,
    { ...report, statusId: SELECTABLE, until: now },
    "BAD_USER_INPUT",
  ],
  ["reportExternalStatus without a status", free, report, undefined],
  ["reportTelephoneStatus while locked", locked, telephone, undefined],
  ["setStatus for a deactivated user", inactive, setStatus, "CONFLICT"],
  ["lockStatus for a deactivated user", inactive, lockStatus, "CONFLICT"],
  ["unlockStatus for a deactivated user", inactive, unlockStatus, undefined],
  ["reportExternalStatus for a deactivated user", inactive, report, "CONFLICT"],
  ["reportTelephoneStatus for a deactivated user", inactive, telephone, "CONFLICT"],
  ["a heartbeat for a deactivated user", inactive, heartbeat, "CONFLICT"],
])("%s has the expected refusal", (_, state, command, code) => {
  expect(refusalOf(state, command)).toBe(code);
});

describe("setStatus with requestedAt", () => {
  const state = stateOf({ columns: { lastRequestedAt: at(5) }, now: at(8) });
  const requested = (moment: number) =>
    applyCommand(state, { ...setStatus, requestedAt: at(moment) }, context);

  it("setStatus with requestedAt is stale, and changes nothing, when a later request was applied", () => {
    expect(requested(4)).toEqual({ isStale: true });
  });

  it.each([
    ["as old as the last request", 5, 5],
    ["newer", 7, 7],
    ["ahead of the database's clock, so it counts as now", 20, 8],
  ])("setStatus with requestedAt is applied when it is %s", (_, moment, stored) => {
    const { edit, isStale } = requested(moment);
    expect(edit?.columns).toEqual({ lastRequestedAt: at(stored) });
    expect(isStale).toBeUndefined();
  });
});

describe("from any state", () => {
  const check = (property: (state: PresenceState) => void) =>
    fc.assert(fc.property(states, property), { numRuns: 500 });
  const isLocked = (state: PresenceState) => leadingClaim(state.claims, "LOCK", state.now) !== null;

  it("setStatus is refused while locked, and otherwise becomes the manual status", () => {
    check((state) => {
      if (isLocked(state)) return expect(refusalOf(state, setStatus)).toBe("STATUS_LOCKED");
      const { claims } = applied(state, setStatus);
      const manual = leadingClaim(claims, "MANUAL", state.now);
      expect(manual).toMatchObject({ statusId: SELECTABLE, setAt: state.now, setBy: 1 });
    });
  });

  it("lockStatus leaves one lock, whose status is in effect", () => {
    check((state) => {
      const after = applied(state, lockStatus);
      expect(after.claims.filter(({ kind }) => kind === "LOCK")).toHaveLength(1);
      expect(after.presence).toMatchObject({ statusId: SELECTABLE, source: "LOCK" });
    });
  });

  it("unlockStatus after lockStatus restores the status in effect", () => {
    check((state) => {
      if (isLocked(state)) return;
      expect(statusOf(applied(applied(state, lockStatus), unlockStatus))).toBe(statusOf(state));
    });
  });

  it("a report replaces that of its source, and its withdrawal leaves the other claims", () => {
    check((state) => {
      const until = new Date(state.now.getTime() + 1);
      const reported = applied(state, { ...report, statusId: SELECTABLE, until });
      const ofSource = ({ claims }: PresenceState) =>
        claims.filter(({ kind, source }) => kind === "EXTERNAL" && source === "calendar");
      const others = ({ claims }: PresenceState) =>
        claims.filter((claim) => !ofSource({ ...state, claims }).includes(claim));
      expect(ofSource(reported)).toMatchObject([{ statusId: SELECTABLE, until }]);
      const withdrawn = applied(reported, report);
      expect(ofSource(withdrawn)).toEqual([]);
      expect(others(withdrawn)).toEqual(others(reported));
    });
  });

  it.each([setStatus, lockStatus, telephone, unlockStatus])(
    "$operation is audited exactly when it has an edit",
    (command) => {
      check((state) => {
        if (command === setStatus && isLocked(state)) return;
        const { edit, audit } = applyCommand(state, command, context);
        expect(audit === undefined).toBe(edit === undefined);
      });
    },
  );

  it("reportTelephoneStatus changes neither claims nor the status in effect", () => {
    check((state) => {
      const after = applied(state, telephone);
      expect(after.presence.telephoneStatus).toBe("BUSY");
      expect(statusOf(after)).toBe(statusOf(state));
      expect(applyCommand(after, telephone, context)).toEqual({});
    });
  });

  it("a heartbeat makes the user online for one lease, without an audit record", () => {
    check((state) => {
      expect(applyCommand(state, heartbeat, context).audit).toBeUndefined();
      const { presence } = applied(state, heartbeat);
      const leaseUntil = new Date(state.now.getTime() + 45_000);
      const onlineSince = state.presence.online ? state.presence.onlineSince : state.now;
      expect(presence).toMatchObject({ online: true, leaseUntil, onlineSince });
    });
  });

  it("a wrap-up sets a status that expires", () => {
    check((state) => {
      const { added } = wrapUp(state, 30);
      const until = new Date(state.now.getTime() + 30_000);
      expect(added).toMatchObject({ kind: "INTERNAL", source: "wrap-up", until, setBy: null });
    });
  });
});

it("a view is the same only if its module, name and target are", () => {
  const view = { module: "support", view: "list" };
  const { presence } = applied(free, { ...heartbeat, lastView: view });
  expect(isSameView(presence, undefined)).toBe(true);
  expect(isSameView(presence, view)).toBe(true);
  expect(isSameView(presence, { ...view, module: "sales" })).toBe(false);
  expect(isSameView(presence, { ...view, view: "detail" })).toBe(false);
  expect(isSameView(presence, { ...view, target: "12" })).toBe(false);
});
