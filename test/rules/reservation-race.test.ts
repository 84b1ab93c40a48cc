import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type GraphQLAnswer, type TestGateway } from "../support/gateway.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { refusal } from "./graphql-client-calls.js";
import {
  givenAvailableAgent,
  givenGroup,
  miscounted,
  reservationIn,
  type Reserving,
  reservingAs,
} from "./reserving.js";

const CALLERS = 200;

let gateway: TestGateway;
let router: Reserving;
beforeAll(async () => {
  gateway = await startTestGateway();
  router = reservingAs(gateway, await gateway.givenKey("API_RESERVE_USER"));
});
afterAll(() => gateway.stop());

const atOnce = (callers: number, call: () => Promise<GraphQLAnswer>): Promise<GraphQLAnswer[]> =>
  Promise.all(Array.from({ length: callers }, call));

/** Splits the responses into granted and refused ones. */
function outcomes(answers: readonly GraphQLAnswer[], reason: string) {
  const served = answers.filter(({ errors }) => !errors).map(reservationIn);
  const refused = answers.filter(({ errors }) => errors);
  for (const answer of refused) {
    expect(answer).toMatchObject(refusal("NOT_AVAILABLE", { reason }));
  }
  return { served, refused };
}

const activeCount = async ({ id }: User): Promise<number> => {
  const [row] = await gateway.dataSource.query<{ active: number }[]>(
    `SELECT count(*)::int AS active FROM reservations WHERE user_id = $1 AND state IN ('HELD', 'ACCEPTED')`,
    [id],
  );
  return row?.active ?? -1;
};

describe("200 callers at once", () => {
  it.each([1, 20])(
    "200 callers for one agent with %i slots: exactly as many succeed",
    async (slots) => {
      const agent = await givenAvailableAgent(gateway, { maxChats: slots });
      const answers = await atOnce(CALLERS, () => router.reserve(agent, { ttlSeconds: 600 }));
      const { served, refused } = outcomes(answers, "MAX_CHATS_REACHED");
      expect([served.length, refused.length]).toEqual([slots, CALLERS - slots]);
      expect(served.map(({ fencingToken }) => fencingToken).sort((a, b) => a - b)).toEqual(
        Array.from({ length: slots }, (_, i) => i + 1),
      );
      expect(await activeCount(agent)).toBe(slots);
    },
  );

  it.each([
    [1, 1],
    [1, 30],
    [20, 1],
    [7, 3],
  ])(
    "200 callers for the next of %i agents with %i slots: all slots are reserved",
    async (count, slots) => {
      const groupId = await givenGroup(gateway);
      const agents = await Promise.all(
        Array.from({ length: count }, () =>
          givenAvailableAgent(gateway, { maxChats: slots, groupIds: [groupId] }),
        ),
      );
      const answers = await atOnce(CALLERS, () => router.reserveNext({ groupId, ttlSeconds: 600 }));
      const { served, refused } = outcomes(answers, "NOBODY_AVAILABLE");
      expect([served.length, refused.length]).toEqual([count * slots, CALLERS - count * slots]);
      for (const agent of agents) expect(await activeCount(agent)).toBe(slots);
      expect(await miscounted(gateway)).toEqual([]);
    },
  );

  it("with more slots than callers every caller is served, and the load is spread", async () => {
    const groupId = await givenGroup(gateway);
    const agents = await Promise.all(
      Array.from({ length: 20 }, () =>
        givenAvailableAgent(gateway, { maxChats: 100, groupIds: [groupId] }),
      ),
    );
    const answers = await atOnce(CALLERS, () => router.reserveNext({ groupId }));
    expect(outcomes(answers, "NOBODY_AVAILABLE").served).toHaveLength(CALLERS);
    const shares = await Promise.all(agents.map(activeCount));
    expect(Math.max(...shares)).toBeLessThanOrEqual(2 * (CALLERS / agents.length));
  });

  it("200 callers that accept one reservation: it is accepted once, and all receive the same result", async () => {
    const agent = await givenAvailableAgent(gateway);
    const held = reservationIn(await router.reserve(agent));
    const answers = await atOnce(CALLERS, () => router.accept(held));
    expect(new Set(answers.map((answer) => reservationIn(answer).state))).toEqual(
      new Set(["ACCEPTED"]),
    );
    const [{ told }] = await gateway.dataSource.query<[{ told: number }]>(
      `SELECT count(*)::int AS told FROM events WHERE payload = jsonb_build_object('id', $1::text, 'state', 'ACCEPTED')`,
      [held.id],
    );
    expect(told).toBe(1);
  });

  it("concurrent accepts and releases are decided as if they were sequential", async () => {
    const agent = await givenAvailableAgent(gateway, { maxChats: 1 });
    const held = reservationIn(await router.reserve(agent));
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, i) =>
        i % 2 === 0 ? router.accept(held) : router.release(held),
      ),
    );
    for (const answer of answers.filter(({ errors }) => errors)) {
      expect(answer).toMatchObject(refusal("CONFLICT", { reason: "RELEASED" }));
    }
    expect(await activeCount(agent)).toBe(0);
    expect(reservationIn(await router.reserve(agent))).toMatchObject({ fencingToken: 2 });
  });
});

describe("callers of two gateways at once", () => {
  let second: SecondGateway;
  beforeAll(async () => {
    second = await startSecondGateway(gateway);
  });
  afterAll(() => second.stop());

  it("callers of two gateways share the last slots correctly", async () => {
    const agent = await givenAvailableAgent(gateway, { maxChats: 3 });
    const input = { user: { id: agent.globalId } };
    const actor = await gateway.services.authentication.authenticate(
      await gateway.givenKey("API_RESERVE_USER"),
      { door: "GRAPHQL", requestId: "race" },
    );
    const results = await Promise.allSettled(
      Array.from({ length: CALLERS }, (_, i) =>
        (i % 2 === 0 ? gateway : second).services.reservations.reserve(actor, input),
      ),
    );
    const reasons = results.flatMap((result) =>
      result.status === "rejected" ? [(result.reason as { code: string }).code] : [],
    );
    expect(reasons).toEqual(Array.from({ length: CALLERS - 3 }, () => "NOT_AVAILABLE"));
    expect(await activeCount(agent)).toBe(3);
  });
});
