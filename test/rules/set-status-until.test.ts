import type { QueryRunner } from "typeorm";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenUser } from "../support/given.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import { letEnd } from "../support/let-end.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";

const AVAILABLE = 1;
const BUSY = 2;
const PAUSE = 5;
const TRAINING = 8;

const HOUR = 3_600_000;

let gateway: TestGateway;
let secret: string;
let sweeperStop: QueryRunner;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
  sweeperStop = gateway.dataSource.createQueryRunner();
});
afterEach(async () => {
  if (sweeperStop.isTransactionActive) await sweeperStop.rollbackTransaction();
});
afterAll(async () => {
  await sweeperStop.release();
  await gateway.stop();
});

const see = (user: User) => seePresence(gateway, secret, user);

/** The time in this many milliseconds by the clock of the database, which decides. */
async function inMilliseconds(wait: number): Promise<Date> {
  const [{ now }]: [{ now: Date }] = await gateway.dataSource.query(
    `SELECT clock_timestamp() AS now`,
  );
  return new Date(now.getTime() + wait);
}

const setStatus = (user: User, statusId: number, until?: Date) =>
  mutate(gateway, secret, "setStatus", { user: { id: user.globalId }, statusId, until });

/** Locks the row so that sweepers skip it. Reads and changes of its times are not blocked. */
async function keepSweepersFrom({ id }: User): Promise<void> {
  await sweeperStop.startTransaction();
  await sweeperStop.query(`SELECT FROM presences WHERE user_id = $1 FOR KEY SHARE`, [id]);
}

it("a status with an end is in effect until its end", async () => {
  const user = await givenUser(gateway);
  const until = await inMilliseconds(60_000);
  await setStatus(user, AVAILABLE);
  await setStatus(user, PAUSE, until);
  expect(await see(user)).toMatchObject({
    status: { id: PAUSE },
    source: "MANUAL",
    until: until.toISOString(),
    configuredStatus: { id: PAUSE },
  });
});

it("the status before returns at the end for every reader, even without a sweep", async () => {
  const user = await givenUser(gateway);
  await setStatus(user, BUSY);
  await setStatus(user, PAUSE, await inMilliseconds(HOUR));
  await keepSweepersFrom(user);
  expect((await see(user)).status.id).toBe(PAUSE);

  const end = await letEnd(gateway, user);
  expect(await see(user)).toMatchObject({
    status: { id: BUSY },
    source: "MANUAL",
    since: end,
    until: null,
    configuredStatus: { id: BUSY },
  });
  expect(await storedPresence(gateway, user)).toMatchObject({ presence: { status_id: PAUSE } });
});

it("lists find a user by the returned status, not by the expired one", async () => {
  const user = await givenAgent(gateway);
  await setStatus(user, BUSY);
  await setStatus(user, TRAINING, await inMilliseconds(HOUR));
  await keepSweepersFrom(user);
  const listed = async (statusId: number, statusClass: string) => {
    const answer = await gateway.ask(
      secret,
      `query ($ids: [ID!]!, $search: String!, $class: [StatusClass!]!, $statusId: Int!) {
         byId: presences(filter: { userIds: $ids, statusId: $statusId }) { totalCount }
         byClass: presences(filter: { userIds: $ids, statusClass: $class }) { totalCount }
         users(filter: { search: $search, statusClass: $class }) { totalCount }
         agents(filter: { search: $search, statusClass: $class }) { totalCount }
       }`,
      { ids: [user.globalId], search: user.username, class: [statusClass], statusId },
    );
    const lists = Object.values(answer.data as Record<string, { totalCount: number }>);
    return lists.map(({ totalCount }) => totalCount);
  };
  expect(await listed(TRAINING, "AWAY")).toEqual([1, 1, 1, 1]);
  expect(await listed(BUSY, "BUSY")).toEqual([0, 0, 0, 0]);
  await letEnd(gateway, user);
  expect(await listed(TRAINING, "AWAY")).toEqual([0, 0, 0, 0]);
  expect(await listed(BUSY, "BUSY")).toEqual([1, 1, 1, 1]);
});

it("of two statuses with an end the longer returns after the shorter, then the permanent one", async () => {
  const user = await givenUser(gateway);
  const [shorter, longer] = [await inMilliseconds(HOUR), await inMilliseconds(2 * HOUR)];
  await setStatus(user, AVAILABLE);
  await setStatus(user, TRAINING, longer);
  await setStatus(user, PAUSE, shorter);
  expect(await see(user)).toMatchObject({ status: { id: PAUSE }, until: shorter.toISOString() });
  const first = await letEnd(gateway, user);
  const rest = longer.getTime() - shorter.getTime();
  expect(await see(user)).toMatchObject({
    status: { id: TRAINING },
    since: first,
    until: new Date(Date.parse(first) + rest).toISOString(),
  });
  const second = await letEnd(gateway, user);
  expect(await see(user)).toMatchObject({
    status: { id: AVAILABLE },
    since: second,
    until: null,
  });
});

it("without a status before, the user is offline at the end", async () => {
  const user = await givenUser(gateway);
  await setStatus(user, PAUSE, await inMilliseconds(HOUR));
  await letEnd(gateway, user);
  expect(await see(user)).toMatchObject({
    status: { class: "OFFLINE" },
    source: "CONNECTION",
    configuredStatus: null,
  });
});

it("a permanent status replaces one with an end, which does not return", async () => {
  const user = await givenUser(gateway);
  const until = await inMilliseconds(700);
  await setStatus(user, PAUSE, until);
  await setStatus(user, BUSY);
  expect(await see(user)).toMatchObject({ status: { id: BUSY }, until: null });
  const { since } = await see(user);
  await eventually(async () => {
    expect((await inMilliseconds(0)).getTime()).toBeGreaterThan(until.getTime());
  });
  expect(await see(user)).toMatchObject({ status: { id: BUSY }, since });
});

it("a change after the end starts from the returned status", async () => {
  const user = await givenUser(gateway);
  await setStatus(user, BUSY);
  await setStatus(user, PAUSE, await inMilliseconds(HOUR));
  await letEnd(gateway, user);
  await setStatus(user, TRAINING);
  expect(await storedPresence(gateway, user)).toMatchObject({
    history: [
      { to_status_id: BUSY },
      { to_status_id: PAUSE },
      { from_status_id: PAUSE, to_status_id: BUSY, cause: "expired" },
      { from_status_id: BUSY, to_status_id: TRAINING, cause: "setStatus" },
    ],
  });
});

it.each([
  ["an end that has passed", -1000],
  ["an end that is now", 0],
])("%s is refused, and nothing is changed", async (_, wait) => {
  const user = await givenUser(gateway);
  const before = await storedPresence(gateway, user);
  expect(await setStatus(user, PAUSE, await inMilliseconds(wait))).toMatchObject(
    refusal("BAD_USER_INPUT", { fields: [{ path: "until", message: "must be in the future" }] }),
  );
  expect(await storedPresence(gateway, user)).toEqual(before);
});

it("a distant end is kept to the millisecond", async () => {
  const user = await givenUser(gateway);
  const until = "9999-12-31T23:59:59.999Z";
  granted(await setStatus(user, PAUSE, new Date(until)));
  expect((await see(user)).until).toBe(until);
});
