import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { standstillDuring } from "../support/standstill.js";
import { granted, refusal } from "./graphql-client-calls.js";
import {
  givenAvailableAgent,
  givenGroup,
  miscounted,
  reservationIn,
  type Reserving,
  reservingAs,
  type SeenReservation,
  toldReservations,
} from "./reserving.js";

const MAX_DELAY_MS = 1000;

let gateway: TestGateway;
let second: SecondGateway;
let admin: string;
let router: Reserving;
beforeAll(async () => {
  gateway = await startTestGateway();
  second = await startSecondGateway(gateway);
  admin = await gateway.givenKey("ADMIN");
  router = reservingAs(gateway, await gateway.givenKey("API_RESERVE_USER"));
});
afterAll(async () => {
  await second.stop();
  await gateway.stop();
});

/** One reservation as a client sees it. */
const seen = async ({ id }: SeenReservation): Promise<SeenReservation> =>
  granted(
    await gateway.ask(
      admin,
      `query ($id: ID!) { node(id: $id) { ... on Reservation { id state } } }`,
      { id },
    ),
  );

const isOver = ({ expiresAt }: SeenReservation) =>
  eventually(() => {
    expect(Date.now()).toBeGreaterThan(Date.parse(expiresAt) + 5);
    return Promise.resolve();
  });

describe("before a sweep", () => {
  let agent: User;
  let groupId: string;
  let held: SeenReservation;

  beforeEach(async () => {
    // Discards what the sweepers write about reservations.
    await gateway.dataSource.query(`
      CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER forget BEFORE UPDATE ON reservations
      FOR EACH ROW WHEN (NEW.state = 'EXPIRED') EXECUTE FUNCTION forget();
    `);
    groupId = await givenGroup(gateway);
    agent = await givenAvailableAgent(gateway, { maxChats: 1, groupIds: [groupId] });
    held = reservationIn(await router.reserve(agent, { ttlSeconds: 1 }));
    await isOver(held);
    const [{ state }] = await gateway.dataSource.query<[{ state: string }]>(
      `SELECT state FROM reservations WHERE user_id = $1`,
      [agent.id],
    );
    expect(state).toBe("HELD");
  });
  afterEach(() => gateway.dataSource.query(`DROP FUNCTION forget CASCADE`));

  it("a reservation past its expiry reads as expired and its slot as free before a sweep", async () => {
    expect(await seen(held)).toMatchObject({ state: "EXPIRED" });
    const answer = await gateway.ask(
      admin,
      `query ($id: ID!) { agent(by: { id: $id }) { freeSlots activeReservations { id } } }`,
      { id: agent.globalId },
    );
    expect(granted(answer)).toEqual({ freeSlots: 1, activeReservations: [] });
  });

  it("a reservation past its expiry cannot be accepted", async () => {
    expect(await router.accept(held)).toMatchObject(refusal("CONFLICT", { reason: "EXPIRED" }));
    expect(await seen(held)).toMatchObject({ state: "EXPIRED" });
  });

  it("releasing a reservation past its expiry succeeds and changes nothing", async () => {
    expect(reservationIn(await router.release(held))).toMatchObject({ state: "EXPIRED" });
    expect(await toldReservations(gateway, agent)).toEqual([`${held.id} HELD`]);
  });

  it("the slot of an expired reservation goes to the next caller for the agent", async () => {
    expect(reservationIn(await router.reserve(agent))).toMatchObject({ fencingToken: 2 });
    expect(await router.reserve(agent)).toMatchObject(
      refusal("NOT_AVAILABLE", { reason: "MAX_CHATS_REACHED" }),
    );
  });

  it("the slot of an expired reservation goes to the next caller for any agent", async () => {
    expect(reservationIn(await router.reserveNext({ groupId }))).toMatchObject({
      user: { id: agent.globalId },
    });
    expect(await router.reserveNext({ groupId })).toMatchObject(
      refusal("NOT_AVAILABLE", { reason: "NOBODY_AVAILABLE" }),
    );
  });
});

/** For each reservation, the number of published expiries and their delay. */
const tellings = (
  held: readonly SeenReservation[],
): Promise<{ told: number; lateByMs: number }[]> =>
  gateway.dataSource.query(
    `SELECT count(e)::int AS told, max(1000 * extract(epoch FROM e.created_at - h.expires_at))::float AS "lateByMs"
     FROM unnest($1::text[], $2::timestamptz[]) AS h(id, expires_at)
     LEFT JOIN events e ON e.topic = 'reservationChanged' AND e.payload = jsonb_build_object('id', h.id, 'state', 'EXPIRED')
     GROUP BY h.id`,
    [held.map(({ id }) => id), held.map(({ expiresAt }) => expiresAt)],
  );

const sweepEverywhere = () =>
  Promise.all(
    [gateway, second, gateway, second].map(({ services }) => services.reservations.expireDue()),
  );

/** Retries, because a sweeper may be updating a user of another test. */
const expectCounted = () => eventually(async () => expect(await miscounted(gateway)).toEqual([]));

describe("the sweepers", () => {
  it("the sweepers publish each reservation's expiry once, within a second, without a request", async () => {
    const agents = await Promise.all([1, 2, 3, 4].map(() => givenAvailableAgent(gateway)));
    let held: SeenReservation[] = [];
    const standstill = await standstillDuring(gateway.dataSource, async () => {
      const holds = agents.flatMap((agent) =>
        [1, 2, 3].map(async () => reservationIn(await router.reserve(agent, { ttlSeconds: 1 }))),
      );
      held = await Promise.all(holds);
      await eventually(async () => {
        expect((await tellings(held)).filter(({ told }) => told === 0)).toEqual([]);
      });
    });
    await sweepEverywhere();
    for (const { told, lateByMs } of await tellings(held)) {
      expect(told).toBe(1);
      expect(lateByMs).toBeLessThan(MAX_DELAY_MS + standstill);
    }
    for (const one of held) expect(await seen(one)).toMatchObject({ state: "EXPIRED" });
    await expectCounted();
  });

  it("an expiry is published once when several sweepers run while a caller accepts", async () => {
    const agents = await Promise.all(Array.from({ length: 8 }, () => givenAvailableAgent(gateway)));
    const held = await Promise.all(
      agents.map(async (agent) => reservationIn(await router.reserve(agent, { ttlSeconds: 1 }))),
    );
    const lastEnd = Math.max(...held.map(({ expiresAt }) => Date.parse(expiresAt)));
    const accepted = new Set<string>();
    while (Date.now() < lastEnd + 100) {
      const next = held.find(({ id }) => !accepted.has(id));
      await sweepEverywhere();
      if (next && Date.now() > Date.parse(next.expiresAt) - 20) {
        const answer = await router.accept(next);
        if (answer.errors) expect(answer).toMatchObject(refusal("CONFLICT", { reason: "EXPIRED" }));
        accepted.add(next.id);
      }
    }
    await eventually(async () => {
      await sweepEverywhere();
      const states = await Promise.all(held.map(seen));
      const tolds = await Promise.all(agents.map((agent) => toldReservations(gateway, agent)));
      expect(tolds).toEqual(states.map(({ id, state }) => [`${id} HELD`, `${id} ${state}`]));
    });
    await expectCounted();
  });

  it("the sweepers skip a locked user and return to them later", async () => {
    const [busy, free] = [await givenAvailableAgent(gateway), await givenAvailableAgent(gateway)];
    const runner = gateway.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      const held = await Promise.all(
        [busy, free].map(async (agent) =>
          reservationIn(await router.reserve(agent, { ttlSeconds: 3600 })),
        ),
      );
      await runner.query(`SELECT 1 FROM presences WHERE user_id = $1 FOR UPDATE`, [busy.id]);
      await gateway.dataSource.query(
        `UPDATE reservations SET expires_at = now() WHERE user_id = ANY($1::int[])`,
        [[busy.id, free.id]],
      );
      await eventually(async () => {
        expect(await toldReservations(gateway, free)).toContain(`${held[1]?.id} EXPIRED`);
      });
      await sweepEverywhere();
      expect(await toldReservations(gateway, busy)).toEqual([`${held[0]?.id} HELD`]);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    await eventually(async () => {
      expect((await toldReservations(gateway, busy)).at(-1)).toMatch(/ EXPIRED$/);
    });
  });
});
