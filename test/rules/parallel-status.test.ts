import type { User } from "../../src/entities/user.entity.js";
import type { GraphQLAnswer } from "../support/gateway.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { granted, mutate } from "./graphql-client-calls.js";
import { isConsistent, seeHistory, type SeenHistory } from "./seen-history.js";
import { seePresence } from "./seen-presence.js";

const CALLERS = 50;
const STATUSES = [1, 2, 3, 4, 5];
const AWAY = 3;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

/** Calls each of these mutations many times concurrently. @returns the distinct codes of the responses */
async function storm(
  user: User,
  calls: readonly ((i: number) => readonly [mutation: string, input: object])[],
): Promise<string[]> {
  const answers = await Promise.all(
    Array.from({ length: CALLERS }, (_, i): Promise<GraphQLAnswer> => {
      const [mutation, input] = calls[i % calls.length]?.(i) ?? ["heartbeat", {}];
      return mutate(gateway, secret, mutation, { user: { id: user.globalId }, ...input });
    }),
  );
  return [...new Set(answers.map(({ errors }) => errors?.[0]?.extensions.code ?? "OK"))].sort();
}

async function wholeHistory(user: User): Promise<SeenHistory> {
  const history = await seeHistory(gateway, secret, user, { first: 100 });
  expect(history.pageInfo.hasNextPage).toBe(false);
  return history;
}

const statusOf = (i: number): number => STATUSES[i % STATUSES.length] ?? 1;
const setStatus = (i: number) => ["setStatus", { statusId: statusOf(i) }] as const;
const lockStatus = (i: number) => ["lockStatus", { statusId: statusOf(i) }] as const;
const unlockStatus = () => ["unlockStatus", {}] as const;
const heartbeat = () => ["heartbeat", {}] as const;
const report = (i: number) =>
  [
    "reportExternalStatus",
    {
      source: `source ${i % 3}`,
      statusId: statusOf(i),
      until: new Date(Date.now() + 60_000 + i),
    },
  ] as const;

it("concurrent status changes of one user all succeed, one after the other", async () => {
  const user = await givenUser(gateway);
  expect(await storm(user, [setStatus])).toEqual(["OK"]);
  const history = await wholeHistory(user);
  expect(isConsistent(history)).toBe(true);
  const { status, since } = await seePresence(gateway, secret, user);
  expect(history.edges[0]?.node).toMatchObject({ to: { id: status.id }, changedAt: since });
});

it("concurrent choices, locks, releases, reports and heartbeats leave a history without gaps", async () => {
  const user = await givenUser(gateway);
  const codes = await storm(user, [setStatus, lockStatus, heartbeat, unlockStatus, report]);
  expect(["OK", "STATUS_LOCKED"]).toEqual(expect.arrayContaining(codes));
  const history = await wholeHistory(user);
  expect(isConsistent(history)).toBe(true);
  const { status, since } = await seePresence(gateway, secret, user);
  expect(history.edges[0]?.node).toMatchObject({ to: { id: status.id }, changedAt: since });
});

it("concurrent locks leave one lock", async () => {
  const user = await givenUser(gateway);
  expect(await storm(user, [lockStatus])).toEqual(["OK"]);
  const { status, lock } = await seePresence(gateway, secret, user);
  expect(lock?.status.id).toBe(status.id);
  const locks: object[] = await gateway.dataSource.query(
    `SELECT FROM presence_claims WHERE user_id = $1 AND kind = 'LOCK'`,
    [user.id],
  );
  expect(locks).toHaveLength(1);
});

it("no change comes between a lock and its release", async () => {
  const user = await givenUser(gateway);
  granted(
    await mutate(gateway, secret, "lockStatus", { user: { id: user.globalId }, statusId: AWAY }),
  );
  expect(await storm(user, [setStatus])).toEqual(["STATUS_LOCKED"]);
  expect((await wholeHistory(user)).totalCount).toBe(1);
});

it("concurrent changes of a user and their status do not deadlock", async () => {
  const user = await givenUser(gateway);
  const codes = await storm(user, [
    setStatus,
    (i) => ["updateUser", { firstname: `Caller ${i}` }],
    lockStatus,
    (i) => ["updateUser", { active: i % 16 > 8 }],
    heartbeat,
    unlockStatus,
    () => ["registerAgent", { role: "AGENT" }],
    (i) => ["updateUserSettings", { maxChats: i }],
  ]);
  expect(["OK", "STATUS_LOCKED", "CONFLICT"]).toEqual(expect.arrayContaining(codes));
  expect(isConsistent(await wholeHistory(user))).toBe(true);
});
