import type { QueryRunner } from "typeorm";
import { seedLoad } from "../../src/demo/load/seed-load.js";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { letEnd } from "../support/let-end.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import {
  givenAvailableAgent,
  givenGroup,
  miscounted,
  reservationIn,
  type Reserving,
  reservingAs,
} from "./reserving.js";

const AVAILABLE = 1;
const PAUSE = 5;

let gateway: TestGateway;
let admin: string;
let router: Reserving;
let groupId: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  router = reservingAs(gateway, await gateway.givenKey("API_RESERVE_USER"));
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  groupId = await givenGroup(gateway);
});

const givenMember = (maxChats: number) =>
  givenAvailableAgent(gateway, { maxChats, groupIds: [groupId] });

/** The agents of successive reservations, in order. */
async function nextOnes(count: number, terms: object = { groupId }): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(reservationIn(await router.reserveNext(terms)).user.id);
  return ids;
}

const idsOf = (...agents: User[]): string[] => agents.map(({ globalId }) => globalId);

const setStatus = async ({ globalId }: User, input: object) =>
  granted(await mutate(gateway, admin, "setStatus", { user: { id: globalId }, ...input }));

const nobody = refusal("NOT_AVAILABLE", { reason: "NOBODY_AVAILABLE" });

describe("the choice of the next agent", () => {
  it("the next available agent is the one with the most free slots", async () => {
    const one = await givenMember(1);
    const three = await givenMember(3);
    const two = await givenMember(2);
    const order = await nextOnes(6);
    expect(order.slice(0, 1)).toEqual(idsOf(three));
    expect([...order.slice(1, 3)].sort()).toEqual(idsOf(three, two).sort());
    expect([...order.slice(3)].sort()).toEqual(idsOf(one, two, three).sort());
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
  });

  it("of agents without a reservation the longest available is next", async () => {
    const [first, second, third] = [
      await givenMember(1),
      await givenMember(1),
      await givenMember(1),
    ];
    await setStatus(first, { statusId: PAUSE });
    await setStatus(first, { statusId: AVAILABLE });
    expect(await nextOnes(3)).toEqual(idsOf(second, third, first));
  });

  it("of equal agents the one whose last hold is oldest is next", async () => {
    const [first, second] = [await givenMember(5), await givenMember(5)];
    for (const agent of [second, first]) reservationIn(await router.reserve(agent));
    expect(await nextOnes(4)).toEqual(idsOf(second, first, second, first));
  });

  it("of equal agents the one idle longest is next", async () => {
    const agents = [await givenMember(1), await givenMember(1), await givenMember(1)];
    const held = [];
    for (const agent of agents) held.push(reservationIn(await router.reserve(agent)));
    for (const i of [1, 2, 0]) {
      const one = held[i];
      if (one) reservationIn(await router.release(one));
    }
    expect(await nextOnes(3)).toEqual([1, 2, 0].map((i) => agents[i]?.globalId));
  });

  it("without a group the next agent may be of any group", async () => {
    const most = await givenAvailableAgent(gateway, { maxChats: 1000 });
    expect(await nextOnes(2, {})).toEqual(idsOf(most, most));
    expect(await nextOnes(1, { groupId: null })).toEqual(idsOf(most));
  });

  it("the next agent of a group is found behind many agents of other groups", async () => {
    await seedLoad(gateway.dataSource, { users: 2500, agents: 2500 });
    const last = await givenMember(1);
    const [{ others }] = await gateway.dataSource.query<[{ others: number }]>(
      `SELECT count(*)::int AS others FROM presences WHERE status_id = ${AVAILABLE} AND open_slots > 1`,
    );
    expect(others).toBeGreaterThan(150);
    expect(await nextOnes(1)).toEqual(idsOf(last));
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
  });

  it("the reservation of the next agent has the caller's channel and duration, and is audited", async () => {
    const agent = await givenMember(1);
    const terms = { groupId, channel: "phone", ttlSeconds: 90 };
    const held = reservationIn(await router.reserveNext(terms));
    expect(held).toMatchObject({ user: { id: agent.globalId }, channel: "phone", state: "HELD" });
    expect(Date.parse(held.expiresAt) - Date.parse(held.heldAt)).toBe(90_000);
    const actions = await gateway.dataSource.query(
      `SELECT action FROM audit_records WHERE target_id = $1`,
      [held.id],
    );
    expect(actions).toEqual([{ action: "reserveNextAvailable" }]);
  });

  it("an agent in a custom status of class AVAILABLE can be next", async () => {
    const agent = await givenMember(1);
    const added = await mutate(
      gateway,
      admin,
      "createStatus",
      { name: "At the counter", class: "AVAILABLE" },
      "status { id }",
    );
    const { status } = granted<{ status: { id: number } }>(added);
    await setStatus(agent, { statusId: status.id });
    expect(await nextOnes(1)).toEqual(idsOf(agent));
  });
});

describe("agents that are not reserved", () => {
  it("an agent of another group is not reserved", async () => {
    const other = await givenGroup(gateway);
    await givenAvailableAgent(gateway, { groupIds: [other] });
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
  });

  it("an unknown group is refused", async () => {
    for (const id of ["Group:2000000000", "Group:99999999999", "User:1"]) {
      const answer = await router.reserveNext({ groupId: Buffer.from(id).toString("base64url") });
      expect(answer).toMatchObject(refusal("NOT_FOUND", { entity: "Group" }));
    }
  });

  it("an agent that lost a slot is not reserved, and one that regained it is", async () => {
    const agent = await givenMember(2);
    const user = { id: agent.globalId };
    const setMaxChats = async (maxChats: number) =>
      granted(await mutate(gateway, admin, "updateUserSettings", { user, maxChats }));
    await nextOnes(1);
    await setMaxChats(1);
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
    await setMaxChats(2);
    await nextOnes(1);
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
  });

  it("an agent that left is not reserved, and one that came back is", async () => {
    const agent = await givenMember(2);
    const user = { id: agent.globalId };
    const change = async (mutation: string, input: object) =>
      granted(await mutate(gateway, admin, mutation, { user, ...input }));
    for (const [mutation, leave, comeBack] of [
      ["setAgentAvailability", { availability: "NOT_AVAILABLE" }, { availability: "AVAILABLE" }],
      ["updateUser", { active: false }, { active: true }],
    ] as const) {
      await change(mutation, leave);
      expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
      expect(await miscounted(gateway)).toEqual([]);
      await change(mutation, comeBack);
      await setStatus(agent, { statusId: AVAILABLE });
      await nextOnes(1);
    }
  });
});

describe("agents locked by another transaction", () => {
  /** Locks the rows of these users while `work` runs, as an unfinished change does. */
  async function whileLocked(
    agents: User[],
    work: (runner: QueryRunner) => Promise<void>,
  ): Promise<void> {
    const runner = gateway.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      const ids = agents.map(({ id }) => id);
      await runner.query(`SELECT 1 FROM presences WHERE user_id = ANY($1::int[]) FOR UPDATE`, [
        ids,
      ]);
      await work(runner);
      await runner.commitTransaction();
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }

  const somebodyWaits = () =>
    eventually(async () => {
      const [{ waits }] = await gateway.dataSource.query<[{ waits: number }]>(
        `SELECT count(*)::int AS waits FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(waits).toBeGreaterThan(0);
    });

  it("agents locked by another transaction are skipped, although they would be next", async () => {
    const [best, other] = [await givenMember(3), await givenMember(1)];
    await whileLocked([best], async () => {
      expect(await nextOnes(1)).toEqual(idsOf(other));
    });
    expect(await nextOnes(1)).toEqual(idsOf(best));
  });

  it("the caller waits for a locked agent when no other is available", async () => {
    const only = await givenMember(1);
    let waiting: ReturnType<Reserving["reserveNext"]> | undefined;
    await whileLocked([only], async () => {
      waiting = router.reserveNext({ groupId });
      await somebodyWaits();
    });
    expect(await waiting).toMatchObject({ data: expect.any(Object) as object });
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
  });

  // The call waits for a random agent, so it is repeated.
  it.each([1, 2, 3, 4, 5])(
    "a caller whose awaited agent is taken receives another one (%i)",
    async () => {
      const [taken, free] = [await givenMember(1), await givenMember(1)];
      let waiting: ReturnType<Reserving["reserveNext"]> | undefined;
      await whileLocked([taken, free], async (runner) => {
        waiting = router.reserveNext({ groupId });
        await somebodyWaits();
        await runner.query(`UPDATE user_settings SET max_chats = 0 WHERE user_id = $1`, [taken.id]);
        await runner.query(`UPDATE presences SET open_slots = 0 WHERE user_id = $1`, [taken.id]);
      });
      expect((await waiting)?.data).toMatchObject({
        reserveNextAvailable: { reservation: { user: { id: free.globalId } } },
      });
    },
  );
});

describe("an expired status before a sweep", () => {
  // Discards what the sweepers write about statuses, but not reservations.
  beforeEach(() =>
    gateway.dataSource.query(`
      CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER forget BEFORE UPDATE ON presences
      FOR EACH ROW WHEN (OLD.changes_at <= now() AND NEW.last_fencing_token = OLD.last_fencing_token)
      EXECUTE FUNCTION forget();
    `),
  );
  afterEach(() => gateway.dataSource.query(`DROP FUNCTION forget CASCADE`));

  const later = () => new Date(Date.now() + 3_600_000).toISOString();

  it("an agent whose available status has expired is not reserved before a sweep", async () => {
    const agent = await givenMember(1);
    await setStatus(agent, { statusId: PAUSE });
    await setStatus(agent, { statusId: AVAILABLE, until: later() });
    await letEnd(gateway, agent);
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
    expect(await router.reserve(agent)).toMatchObject(
      refusal("NOT_AVAILABLE", { reason: "STATUS_NOT_AVAILABLE" }),
    );
  });

  it("many agents with expired statuses do not hide an available one", async () => {
    const agents = await Promise.all(Array.from({ length: 25 }, () => givenMember(5)));
    await gateway.dataSource.query(
      `UPDATE presences SET changes_at = now() - interval '1 second', plan = jsonb_build_array(jsonb_build_object(
         'at', now() - interval '1 second', 'since', now() - interval '1 second', 'statusId', ${PAUSE}, 'source', 'MANUAL'))
       WHERE user_id = ANY($1::int[])`,
      [agents.map(({ id }) => id)],
    );
    const one = await givenMember(1);
    expect(await nextOnes(1)).toEqual(idsOf(one));
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
  });

  it("an agent that is available again by expiry is found before a sweep", async () => {
    const agent = await givenMember(1);
    await setStatus(agent, { statusId: PAUSE, until: later() });
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
    await letEnd(gateway, agent);
    expect(await nextOnes(1)).toEqual(idsOf(agent));
    expect(await router.reserveNext({ groupId })).toMatchObject(nobody);
  });
});
