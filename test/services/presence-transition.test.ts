import fc from "fast-check";
import { effectiveStatus, presenceAt, withoutReplaced } from "../../src/domain/presence.js";
import { claimKinds } from "../../src/domain/vocabulary.js";
import { Presence } from "../../src/entities/presence.entity.js";
import type { PresenceEdit, PresenceState } from "../../src/services/presence/rules.js";
import { overdueMs, transitionOf } from "../../src/services/presence/transition.js";
import { at, claimOf, moments, statusIds } from "../domain/presence-arbitraries.js";
import { END, stateAfter, stateOf, states } from "./presence-states.js";

const by = { actor: { name: "ada", door: "GRAPHQL" }, cause: "setStatus" } as const;

/** An edit that fits the state: a new claim, fewer claims, another lease, another telephone status. */
const edits = fc.record({
  kind: fc.constantFrom(...claimKinds, null),
  statusId: statusIds,
  lasts: fc.option(fc.integer({ min: 1, max: 10 })),
  keep: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  lease: fc.option(moments, { nil: undefined }),
  telephoneStatus: fc.constantFrom("FREE", "BUSY", undefined),
});

type Edit = typeof edits extends fc.Arbitrary<infer Value> ? Value : never;

function editOf({ claims, now }: PresenceState, edit: Edit): PresenceEdit {
  const { kind, statusId, lasts, keep, lease, telephoneStatus } = edit;
  const until = lasts === null ? null : new Date(now.getTime() + lasts);
  const added = kind && {
    ...claimOf(kind, { statusId, until, setAt: now }),
    setBy: 1,
    reason: null,
  };
  return {
    kept: (added ? withoutReplaced(claims, added, now) : claims).filter((_, i) => keep[i]),
    ...(added && { added }),
    columns: {
      ...(lease !== undefined && { leaseUntil: at(lease) }),
      ...(telephoneStatus && { telephoneStatus }),
    },
  };
}

/** The transition of a state with an edit or without one; no case in which nothing is to do. */
const transitions = fc.tuple(states, fc.option(edits, { freq: 3 })).map(([state, edit]) => {
  const transition = transitionOf(state, edit ? editOf(state, edit) : undefined, by);
  return { state, transition, hasEdit: edit !== null };
});

const check = (
  property: (
    state: PresenceState,
    transition: NonNullable<ReturnType<typeof transitionOf>>,
    hasEdit: boolean,
  ) => void,
) =>
  fc.assert(
    fc.property(transitions, ({ state, transition, hasEdit }) => {
      if (transition) property(state, transition, hasEdit);
    }),
    { numRuns: 1000 },
  );

it("a transition without an edit exists exactly when something has ended", () => {
  fc.assert(
    fc.property(states, (state) => {
      const { presence, claims, now } = state;
      const ends = [presence.changesAt, presence.leaseUntil, ...claims.map(({ until }) => until)];
      const ended = ends.flatMap((end) => (end && end <= now ? [end.getTime()] : []));
      expect(transitionOf(state, undefined, by) === null).toBe(ended.length === 0);
      expect(overdueMs(state)).toBe(ended.length && now.getTime() - Math.min(...ended));
    }),
    { numRuns: 1000 },
  );
});

it("the written row has the status of the claims that stay, at every later time", () => {
  check((state, transition) => {
    const { presence, claims } = stateAfter(state, transition, state.now);
    const connections = presence.leaseUntil ? [{ until: presence.leaseUntil }] : [];
    for (let time = state.now; time < END; time = new Date(time.getTime() + 5)) {
      const { statusId, source, changesAt: until } = presenceAt(presence, time);
      expect({ statusId, source, until }).toEqual(effectiveStatus(claims, connections, time));
    }
  });
});

it("a transition leaves nothing behind that has ended, so a second one without an edit does nothing", () => {
  check((state, transition) => {
    const next = stateAfter(state, transition, state.now);
    expect(transitionOf(next, undefined, by)).toBeNull();
    expect(overdueMs(next)).toBe(0);
  });
});

it("the changes lead without a gap from the stored status to the written one, in the order of time", () => {
  check(({ presence, now }, { after, changes }) => {
    let from = presence.statusId;
    let last = "";
    for (const change of changes) {
      expect(change.from).toBe(from);
      expect(change.at >= last && change.at <= now.toISOString()).toBe(true);
      [from, last] = [change.to, change.at];
    }
    expect(after.statusId).toBe(from);
  });
});

it("only the last change is the caller's, and only with an edit; the others are expiries", () => {
  check((_, { changes }, hasEdit) => {
    const own = changes.filter(({ cause }) => cause !== "expired");
    expect(own.length).toBeLessThanOrEqual(hasEdit ? 1 : 0);
    expect(own).toEqual(own.length ? [changes.at(-1)] : []);
    for (const change of changes) {
      const author = own.includes(change)
        ? { cause: "setStatus", actor: "ada", door: "GRAPHQL" }
        : { cause: "expired", actor: "rollcall", door: "SYSTEM" };
      expect(change).toMatchObject(author);
    }
  });
});

it("since changes exactly when the status in effect does", () => {
  check(({ presence, now }, { after }) => {
    const { statusId, since } = presenceAt(presence, now);
    expect(after.since).toEqual(after.statusId === statusId ? since : now);
  });
});

it("a transition changes neither the locked row nor its claims", () => {
  fc.assert(
    fc.property(states, edits, (state, edit) => {
      const given = structuredClone({ presence: { ...state.presence }, claims: [...state.claims] });
      const transition = transitionOf(state, editOf(state, edit), by);
      expect({ presence: { ...state.presence }, claims: [...state.claims] }).toEqual(given);
      expect(transition?.before).toBe(state.presence);
      expect(transition?.after).toBeInstanceOf(Presence);
    }),
    { numRuns: 300 },
  );
});

it("an edit that changes nothing visible has no change", () => {
  const state = stateOf({ leaseUntil: at(20), now: at(5) });
  const columns = { leaseUntil: at(30), lastSeenAt: at(5) };
  expect(transitionOf(state, { columns }, by)).toMatchObject({ changes: [], after: columns });
});

it.each([
  ["another view", { lastViewModule: "support", lastViewName: "list" }],
  ["another telephone status", { telephoneStatus: "BUSY" }],
] as const)("%s is a change without another status", (_, columns) => {
  const change = { from: 4, to: 4, online: [false, false], locked: [false, false] };
  expect(transitionOf(stateOf({}), { columns }, by)?.changes).toMatchObject([change]);
});

it("a pause that has ended, and the edit after it, are two changes with their own times", () => {
  const pause = claimOf("MANUAL", { statusId: 5, until: at(3) });
  const added = { ...claimOf("LOCK", { statusId: 3, setAt: at(9) }), setBy: 1, reason: null };
  const state = stateOf({ claims: [pause], leaseUntil: at(20), now: at(9) });
  const transition = transitionOf(state, { added, lastInternalCallId: 12 }, by);
  expect(transition?.changes).toEqual([
    {
      at: at(3).toISOString(),
      from: 5,
      to: 1,
      source: "CONNECTION",
      online: [true, true],
      locked: [false, false],
      cause: "expired",
      actor: "rollcall",
      door: "SYSTEM",
      lastInternalCallId: null,
    },
    {
      at: at(9).toISOString(),
      from: 1,
      to: 3,
      source: "LOCK",
      online: [true, true],
      locked: [false, true],
      cause: "setStatus",
      actor: "ada",
      door: "GRAPHQL",
      lastInternalCallId: 12,
    },
  ]);
  expect(transition?.deleted).toEqual(state.claims);
});
