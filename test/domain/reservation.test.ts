import fc from "fast-check";
import {
  byPreference,
  freeSlots,
  hasEnded,
  mayBecome,
  type Capacity,
  stateAt,
  whyUnavailable,
} from "../../src/domain/reservation.js";
import { reservationStates, statusClasses } from "../../src/domain/vocabulary.js";

const NOON = new Date("2026-01-01T12:00:00Z");
const BEFORE = new Date("2026-01-01T11:59:59.999Z");
const AFTER = new Date("2026-01-01T12:00:00.001Z");

const free: Capacity = {
  active: true,
  availability: "AVAILABLE",
  statusName: "Available",
  statusClass: "AVAILABLE",
  maxChats: 3,
  activeReservations: 2,
};

describe("a reservable agent", () => {
  it("an active, available agent with a free slot can be reserved", () => {
    expect(whyUnavailable(free)).toBeNull();
  });

  it.each([
    ["USER_INACTIVE", { active: false }, "The user is deactivated"],
    ["NO_AGENT", { availability: null }, "The user is no agent"],
    [
      "AGENT_NOT_AVAILABLE",
      { availability: "NOT_AVAILABLE" },
      "The agent takes no part in live channels",
    ],
    [
      "STATUS_NOT_AVAILABLE",
      { statusName: "Lunch", statusClass: "AWAY" },
      "The agent's status is Lunch, of class AWAY",
    ],
    ["MAX_CHATS_REACHED", { activeReservations: 3 }, "The agent has 3 of at most 3 chats"],
    ["MAX_CHATS_REACHED", { maxChats: 1 }, "The agent has 2 of at most 1 chats"],
    [
      "MAX_CHATS_REACHED",
      { maxChats: 0, activeReservations: 0 },
      "The agent has 0 of at most 0 chats",
    ],
  ] as const)("an agent that is %s cannot be reserved: %j", (reason, change, message) => {
    expect(whyUnavailable({ ...free, ...change })).toEqual({ reason, message });
  });

  it("only the status class AVAILABLE can be reserved", () => {
    const fit = statusClasses.filter(
      (statusClass) => whyUnavailable({ ...free, statusClass }) === null,
    );
    expect(fit).toEqual(["AVAILABLE"]);
  });

  it("of several reasons the most fundamental one is returned", () => {
    const reasons = [
      { active: false },
      { availability: null },
      { statusClass: "BUSY" },
      { maxChats: 0 },
    ] as const;
    const told = reasons.map((_, from) =>
      reasons.slice(from).reduce((capacity, change) => ({ ...capacity, ...change }), free),
    );
    expect(told.map((capacity) => whyUnavailable(capacity)?.reason)).toEqual([
      "USER_INACTIVE",
      "NO_AGENT",
      "STATUS_NOT_AVAILABLE",
      "MAX_CHATS_REACHED",
    ]);
  });

  it("free slots are never negative", () => {
    expect(freeSlots(free)).toBe(1);
    expect(freeSlots({ maxChats: 1, activeReservations: 4 })).toBe(0);
  });
});

describe("the life of a reservation", () => {
  it.each([
    ["ends now", NOON, "EXPIRED"],
    ["ended", BEFORE, "EXPIRED"],
    ["ends later", AFTER, "HELD"],
  ] as const)("a held reservation that is %s has the expected state", (_, expiresAt, state) => {
    expect(stateAt({ state: "HELD", expiresAt }, NOON)).toBe(state);
  });

  it.each(["ACCEPTED", "RELEASED", "EXPIRED"] as const)(
    "a reservation that is %s does not expire",
    (state) => {
      expect(stateAt({ state, expiresAt: BEFORE }, NOON)).toBe(state);
    },
  );

  it("a reservation has these state transitions only", () => {
    const ways = reservationStates.flatMap((from) =>
      reservationStates.filter((to) => mayBecome(from, to)).map((to) => `${from} → ${to}`),
    );
    expect(ways).toEqual([
      "HELD → ACCEPTED",
      "HELD → RELEASED",
      "HELD → EXPIRED",
      "ACCEPTED → RELEASED",
    ]);
    expect(reservationStates.filter(hasEnded)).toEqual(["RELEASED", "EXPIRED"]);
  });
});

describe("the preference among agents", () => {
  const candidate = fc.record({
    userId: fc.integer({ min: 1, max: 5 }),
    slots: fc.integer({ min: 1, max: 3 }),
    idleSince: fc.constantFrom(BEFORE, NOON, AFTER),
  });

  it("agents are preferred by free slots, then idle time, then id", () => {
    const order = [
      { userId: 9, slots: 3, idleSince: AFTER },
      { userId: 7, slots: 2, idleSince: BEFORE },
      { userId: 3, slots: 2, idleSince: NOON },
      { userId: 4, slots: 2, idleSince: NOON },
      { userId: 1, slots: 1, idleSince: BEFORE },
    ];
    expect([...order].reverse().sort(byPreference)).toEqual(order);
  });

  it("the preference does not depend on the order of candidates", () => {
    fc.assert(
      fc.property(fc.array(candidate), (candidates) => {
        const forwards = [...candidates].sort(byPreference);
        const backwards = [...candidates].reverse().sort(byPreference);
        expect(forwards).toEqual(backwards);
      }),
    );
  });
});
