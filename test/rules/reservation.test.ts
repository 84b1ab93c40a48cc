import { system } from "../../src/domain/actor.js";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenSignedIn, givenUser } from "../support/given.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import {
  givenAvailableAgent,
  givenGroup,
  RESERVATION,
  reservationIn,
  type Reserving,
  reservingAs,
  storedReservations,
  toldReservations,
} from "./reserving.js";

const BUSY = 2;
const TRAINING = 8;

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

const seeAgent = async ({ globalId }: User) =>
  granted<{ freeSlots: number; activeReservations: object[] }>(
    await gateway.ask(
      admin,
      `query ($id: ID!) { agent(by: { id: $id }) { freeSlots activeReservations { ${RESERVATION} } } }`,
      { id: globalId },
    ),
  );

describe("an available agent", () => {
  it("an available agent is held for a livechat and 30 seconds by default", async () => {
    const agent = await givenAvailableAgent(gateway);
    const usual = reservationIn(await router.reserve(agent));
    expect(usual).toMatchObject({
      user: { id: agent.globalId },
      channel: "livechat",
      state: "HELD",
      fencingToken: 1,
      reservedBy: "test key 2",
    });
    expect(Date.parse(usual.expiresAt) - Date.parse(usual.heldAt)).toBe(30_000);

    const special = reservationIn(
      await router.reserve(agent, { channel: " phone ", ttlSeconds: 3600 }),
    );
    expect(special).toMatchObject({ channel: "phone", fencingToken: 2 });
    expect(Date.parse(special.expiresAt) - Date.parse(special.heldAt)).toBe(3_600_000);
  });

  it("a held agent has one free slot less", async () => {
    const agent = await givenAvailableAgent(gateway, { maxChats: 2 });
    const held = reservationIn(await router.reserve(agent));
    expect(await seeAgent(agent)).toEqual({ freeSlots: 1, activeReservations: [held] });
    const node = await gateway.ask(
      admin,
      `query ($id: ID!) { node(id: $id) { ... on Reservation { ${RESERVATION} } } }`,
      { id: held.id },
    );
    expect(granted(node)).toEqual(held);
  });

  it("a hold writes its audit record and event in the same transaction", async () => {
    const agent = await givenAvailableAgent(gateway);
    const held = reservationIn(await router.reserve(agent, { channel: "phone" }));
    expect(await toldReservations(gateway, agent)).toEqual([`${held.id} HELD`]);
    const audit = await gateway.dataSource.query(
      `SELECT a.action, a.actor, a.door, a.before, a.after, a.recorded_at = e.created_at AS "together"
       FROM audit_records a JOIN events e ON e.payload->>'id' = a.target_id
       WHERE a.target_type = 'Reservation' AND a.target_id = $1`,
      [held.id],
    );
    expect(audit).toEqual([
      {
        action: "reserveUserForLiveChannel",
        actor: "test key 2",
        door: "GRAPHQL",
        before: null,
        after: {
          user: agent.globalId,
          channel: "phone",
          state: "HELD",
          expiresAt: held.expiresAt,
          fencingToken: 1,
        },
        together: true,
      },
    ]);
  });
});

it("many callers for one agent leave database connections to other requests", async () => {
  const agent = await givenAvailableAgent(gateway, { maxChats: 2 });
  const slow = gateway.dataSource.createQueryRunner();
  await slow.startTransaction();
  await slow.query(`SELECT 1 FROM presences WHERE user_id = $1 FOR UPDATE`, [agent.id]);
  const callers = Array.from({ length: 40 }, () => router.reserve(agent));
  try {
    await eventually(async () => {
      const [row] = await gateway.dataSource.query<[{ waiting: number }]>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(row.waiting).toBe(1);
    });
    expect((await seeAgent(agent)).freeSlots).toBe(2);
  } finally {
    await slow.commitTransaction();
    await slow.release();
  }
  const answers = await Promise.all(callers);
  expect(answers.filter(({ errors }) => !errors)).toHaveLength(2);
  const late = answers.filter(({ errors }) => errors);
  expect(late).toHaveLength(38);
  for (const answer of late) {
    expect(answer).toMatchObject(refusal("NOT_AVAILABLE", { reason: "MAX_CHATS_REACHED" }));
  }
});

describe("users that are not held", () => {
  const expectRefused = async (person: User, reason: string, message: RegExp) => {
    const before = await storedReservations(gateway, person);
    const answer = await router.reserve(person);
    expect(answer).toMatchObject(refusal("NOT_AVAILABLE", { reason }));
    expect(answer.errors?.[0]?.message).toMatch(message);
    expect(await storedReservations(gateway, person)).toEqual(before);
    expect(await router.reserveNext({ groupId })).toMatchObject(
      refusal("NOT_AVAILABLE", { reason: "NOBODY_AVAILABLE" }),
    );
  };
  /** The group of the user under test. */
  let groupId: string;
  let groupIds: string[];
  beforeEach(async () => {
    groupId = await givenGroup(gateway);
    groupIds = [groupId];
  });

  it("a deactivated user is not held", async () => {
    const agent = await givenAvailableAgent(gateway, { groupIds });
    granted(await mutate(gateway, admin, "deactivateUser", by(agent)));
    await expectRefused(agent, "USER_INACTIVE", /deactivated/);
  });

  it("a user that is no agent is not held", async () => {
    const user = await givenUser(gateway, { groupIds });
    granted(await mutate(gateway, admin, "setStatus", { ...by(user), statusId: 1 }));
    await expectRefused(user, "NO_AGENT", /no agent/);
  });

  it("a user that is only a manager is not held", async () => {
    const user = await givenUser(gateway, { groupIds });
    granted(await mutate(gateway, admin, "registerAgent", { ...by(user), role: "MANAGER" }));
    granted(await mutate(gateway, admin, "setStatus", { ...by(user), statusId: 1 }));
    await expectRefused(user, "NO_AGENT", /no agent/);
  });

  it("an agent that is unavailable for live channels is not held", async () => {
    const agent = await givenAvailableAgent(gateway, { groupIds });
    const availability = "NOT_AVAILABLE";
    granted(await mutate(gateway, admin, "setAgentAvailability", { ...by(agent), availability }));
    await expectRefused(agent, "AGENT_NOT_AVAILABLE", /no part in live channels/);
  });

  it("an offline agent is not held", async () => {
    const agent = await givenAgent(gateway, { groupIds });
    await expectRefused(agent, "STATUS_NOT_AVAILABLE", /Offline, of class OFFLINE/);
  });

  it("an agent that has chosen another status is not held", async () => {
    const agent = await givenAvailableAgent(gateway, { groupIds });
    granted(await mutate(gateway, admin, "setStatus", { ...by(agent), statusId: BUSY }));
    await expectRefused(agent, "STATUS_NOT_AVAILABLE", /Busy, of class BUSY/);
  });

  it("an agent locked into another status is not held", async () => {
    const agent = await givenAvailableAgent(gateway, { groupIds });
    granted(await mutate(gateway, admin, "lockStatus", { ...by(agent), statusId: TRAINING }));
    await expectRefused(agent, "STATUS_NOT_AVAILABLE", /Training, of class AWAY/);
  });

  it("an agent at their chat limit is not held", async () => {
    const agent = await givenAvailableAgent(gateway, { maxChats: 2, groupIds });
    reservationIn(await router.accept(reservationIn(await router.reserve(agent))));
    reservationIn(await router.reserve(agent));
    await expectRefused(agent, "MAX_CHATS_REACHED", /2 of at most 2/);
    expect(await seeAgent(agent)).toMatchObject({ freeSlots: 0 });
  });

  it("an agent with a chat limit of zero is not held", async () => {
    const agent = await givenAvailableAgent(gateway, { maxChats: 0, groupIds });
    await expectRefused(agent, "MAX_CHATS_REACHED", /0 of at most 0/);
  });
});

describe("a lock", () => {
  it("a lock into an available status makes the agent available", async () => {
    const agent = await givenAvailableAgent(gateway);
    granted(await mutate(gateway, admin, "setStatus", { ...by(agent), statusId: BUSY }));
    granted(await mutate(gateway, admin, "lockStatus", { ...by(agent), statusId: 1 }));
    expect(reservationIn(await router.reserve(agent))).toMatchObject({ state: "HELD" });
  });
});

describe("requests that are refused before any agent is locked", () => {
  it.each([
    ["ttlSeconds", { ttlSeconds: 0 }],
    ["ttlSeconds", { ttlSeconds: 3601 }],
    ["ttlSeconds", { ttlSeconds: -5 }],
    ["channel", { channel: "   " }],
    ["channel", { channel: "x".repeat(101) }],
    ["channel", { channel: "live\u0000chat" }],
  ])("%s is refused: invalid input %j", async (field, terms) => {
    const agent = await givenAvailableAgent(gateway);
    const fields = [{ path: field, message: expect.any(String) as string }];
    const refused = refusal("BAD_USER_INPUT", { fields });
    expect(await router.reserve(agent, terms)).toMatchObject(refused);
    expect(await router.reserveNext(terms)).toMatchObject(refused);
  });

  it("reserving an unknown user is refused", async () => {
    const nobody = { globalId: Buffer.from("User:2000000000").toString("base64url") };
    expect(await router.reserve(nobody)).toMatchObject(refusal("NOT_FOUND", { entity: "User" }));
  });
});

describe("without API_RESERVE_USER", () => {
  it("without API_RESERVE_USER nothing is reserved, accepted or released", async () => {
    const agent = await givenAvailableAgent(gateway);
    const held = reservationIn(await router.reserve(agent));
    const before = await storedReservations(gateway, agent);
    const others = await gateway.givenKey("USER_READ", "USER_CUD");
    const { secret: themself } = await givenSignedIn(gateway, "USER_READ");
    for (const secret of [others, themself]) {
      const caller = reservingAs(gateway, secret);
      const refused = (action: string) => refusal("FORBIDDEN", { action });
      expect(await caller.reserve(agent)).toMatchObject(refused("reserveUserForLiveChannel"));
      expect(await caller.reserveNext()).toMatchObject(refused("reserveNextAvailable"));
      expect(await caller.accept(held)).toMatchObject(refused("acceptReservation"));
      expect(await caller.release(held)).toMatchObject(refused("releaseReservation"));
    }
    expect(await storedReservations(gateway, agent)).toEqual(before);
  });

  it("an agent without API_RESERVE_USER cannot reserve themself", async () => {
    const { user, secret } = await givenSignedIn(gateway);
    await gateway.services.agents.register(system("given"), { ...by(user), role: "AGENT" });
    const answer = await reservingAs(gateway, secret).reserve(user);
    expect(answer).toMatchObject(refusal("FORBIDDEN"));
  });
});
