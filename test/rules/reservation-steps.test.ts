import { randomUUID } from "node:crypto";
import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import {
  givenAvailableAgent,
  reservationIn,
  type Reserving,
  reservingAs,
  type SeenReservation,
  storedReservations,
  toldReservations,
} from "./reserving.js";

let gateway: TestGateway;
let admin: string;
let router: Reserving;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  router = reservingAs(gateway, await gateway.givenKey("API_RESERVE_USER"));
});
afterAll(() => gateway.stop());

const by = ({ globalId }: User) => ({ user: { id: globalId } });

const givenHeld = async (): Promise<{ agent: User; held: SeenReservation }> => {
  const agent = await givenAvailableAgent(gateway, { maxChats: 1 });
  return { agent, held: reservationIn(await router.reserve(agent)) };
};

/** The audit records of one reservation, oldest first. */
const auditOf = ({ id }: SeenReservation): Promise<object[]> =>
  gateway.dataSource.query(
    `SELECT action, before, after->>'state' AS state FROM audit_records
     WHERE target_type = 'Reservation' AND target_id = $1 ORDER BY id`,
    [id],
  );

describe("accepting", () => {
  it("accepting keeps the agent reserved, is audited and published", async () => {
    const { agent, held } = await givenHeld();
    expect(reservationIn(await router.accept(held))).toEqual({ ...held, state: "ACCEPTED" });
    expect(await router.reserve(agent)).toMatchObject(
      refusal("NOT_AVAILABLE", { reason: "MAX_CHATS_REACHED" }),
    );
    expect(await toldReservations(gateway, agent)).toEqual([
      `${held.id} HELD`,
      `${held.id} ACCEPTED`,
    ]);
    expect(await auditOf(held)).toEqual([
      { action: "reserveUserForLiveChannel", before: null, state: "HELD" },
      { action: "acceptReservation", before: { state: "HELD" }, state: "ACCEPTED" },
    ]);
  });

  it("accepting twice succeeds and changes nothing the second time", async () => {
    const { agent, held } = await givenHeld();
    const accepted = reservationIn(await router.accept(held));
    const before = await storedReservations(gateway, agent);
    expect(reservationIn(await router.accept(held))).toEqual(accepted);
    expect(await storedReservations(gateway, agent)).toEqual(before);
  });

  it("accepting a released reservation is refused", async () => {
    const { agent, held } = await givenHeld();
    reservationIn(await router.release(held));
    const before = await storedReservations(gateway, agent);
    expect(await router.accept(held)).toMatchObject(refusal("CONFLICT", { reason: "RELEASED" }));
    expect(await storedReservations(gateway, agent)).toEqual(before);
  });
});

describe("releasing", () => {
  it.each(["HELD", "ACCEPTED"] as const)(
    "releasing a reservation that is %s frees the slot immediately",
    async (state) => {
      const { agent, held } = await givenHeld();
      if (state === "ACCEPTED") reservationIn(await router.accept(held));
      expect(reservationIn(await router.release(held))).toEqual({ ...held, state: "RELEASED" });
      expect(reservationIn(await router.reserve(agent))).toMatchObject({ fencingToken: 2 });
      expect(await toldReservations(gateway, agent)).toContain(`${held.id} RELEASED`);
      expect((await auditOf(held)).at(-1)).toEqual({
        action: "releaseReservation",
        before: { state },
        state: "RELEASED",
      });
    },
  );

  it("releasing twice succeeds and changes nothing the second time", async () => {
    const { agent, held } = await givenHeld();
    const released = reservationIn(await router.release(held));
    const before = await storedReservations(gateway, agent);
    expect(reservationIn(await router.release(held))).toEqual(released);
    expect(await storedReservations(gateway, agent)).toEqual(before);
  });

  it("releasing does not touch a later reservation", async () => {
    const { agent, held } = await givenHeld();
    reservationIn(await router.release(held));
    const later = reservationIn(await router.reserve(agent));
    reservationIn(await router.release(held));
    expect(reservationIn(await router.accept(later))).toMatchObject({ state: "ACCEPTED" });
  });
});

describe.each(["accept", "release"] as const)("%s", (step) => {
  it.each([0, -1, 2, 2_147_483_647])(
    "a call with the fencing token %i of another reservation is refused",
    async (token) => {
      const { agent, held } = await givenHeld();
      const before = await storedReservations(gateway, agent);
      const answer = await router[step]({ ...held, fencingToken: token });
      expect(answer).toMatchObject(refusal("CONFLICT", { reason: "WRONG_FENCING_TOKEN" }));
      expect(JSON.stringify(answer.errors)).not.toContain("HELD");
      expect(await storedReservations(gateway, agent)).toEqual(before);
    },
  );

  it.each([
    ["of none", Buffer.from("Reservation:999999999999").toString("base64url")],
    ["of a user", Buffer.from("User:1").toString("base64url")],
    ["that is no id", randomUUID()],
    ["that is empty", ""],
  ])("a reservation id %s is not found", async (_, id) => {
    const answer = await router[step]({ id, fencingToken: 1 });
    expect(answer).toMatchObject(refusal("NOT_FOUND", { entity: "Reservation" }));
  });
});

describe("an agent that leaves the live channels", () => {
  const leaving = [
    ["removeAgent", (agent: User) => ({ ...by(agent), role: "AGENT" })],
    ["deactivateUser", by],
    ["updateUser", (agent: User) => ({ ...by(agent), active: false })],
  ] as const;
  const returning = {
    removeAgent: [],
    deactivateUser: [["updateUser", (agent: User) => ({ ...by(agent), active: true })]],
    updateUser: [["updateUser", (agent: User) => ({ ...by(agent), active: true })]],
  } as const;

  it.each(leaving)(
    "an agent that leaves by %s is released, which is audited and published",
    async (mutation, inputOf) => {
      const agent = await givenAvailableAgent(gateway);
      const held = reservationIn(await router.reserve(agent));
      const accepted = reservationIn(
        await router.accept(reservationIn(await router.reserve(agent, { channel: "phone" }))),
      );
      granted(await mutate(gateway, admin, mutation, inputOf(agent)));

      expect((await toldReservations(gateway, agent)).slice(-2).sort()).toEqual(
        [`${held.id} RELEASED`, `${accepted.id} RELEASED`].sort(),
      );
      expect((await auditOf(held)).at(-1)).toEqual({
        action: mutation,
        before: { state: "HELD" },
        state: "RELEASED",
      });
      expect(await router.accept(held)).toMatchObject(refusal("CONFLICT", { reason: "RELEASED" }));
      expect(reservationIn(await router.release(accepted))).toMatchObject({ state: "RELEASED" });
    },
  );

  it.each(leaving)(
    "an agent that leaves by %s and returns has continuing fencing tokens",
    async (mutation, inputOf) => {
      const agent = await givenAvailableAgent(gateway);
      const tokens: number[] = [];
      for (let i = 0; i < 3; i += 1) {
        const { fencingToken } = reservationIn(await router.reserve(agent));
        tokens.push(fencingToken);
        granted(await mutate(gateway, admin, mutation, inputOf(agent)));
        for (const [back, backInputOf] of returning[mutation]) {
          granted(await mutate(gateway, admin, back, backInputOf(agent)));
        }
        granted(await mutate(gateway, admin, "registerAgent", { ...by(agent), role: "AGENT" }));
        granted(await mutate(gateway, admin, "setStatus", { ...by(agent), statusId: 1 }));
      }
      expect(tokens).toEqual([1, 2, 3]);
      expect(reservationIn(await router.reserve(agent))).toMatchObject({ fencingToken: 4 });
    },
  );

  it("an agent that loses the manager role stays reserved", async () => {
    const { agent, held } = await givenHeld();
    granted(await mutate(gateway, admin, "registerAgent", { ...by(agent), role: "MANAGER" }));
    granted(await mutate(gateway, admin, "removeAgent", { ...by(agent), role: "MANAGER" }));
    expect(reservationIn(await router.accept(held))).toMatchObject({ state: "ACCEPTED" });
  });

  it.each([
    ["setAgentAvailability", { availability: "NOT_AVAILABLE" }],
    ["setStatus", { statusId: 4 }],
    ["updateUserSettings", { maxChats: 0 }],
  ])(
    "an agent that stops taking chats by %s keeps current reservations",
    async (mutation, change) => {
      const { agent, held } = await givenHeld();
      granted(await mutate(gateway, admin, mutation, { ...by(agent), ...change }));
      expect(await router.reserve(agent)).toMatchObject(refusal("NOT_AVAILABLE"));
      expect(reservationIn(await router.accept(held))).toMatchObject({ state: "ACCEPTED" });
    },
  );
});
