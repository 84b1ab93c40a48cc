import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";

const BUSY = 2;
const AWAY = 3;
const PAUSE = 5;
const HOUR = 3_600_000;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const fromNow = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

const setStatus = (user: User, statusId: number, requestedAt?: string) =>
  mutate(
    gateway,
    secret,
    "setStatus",
    { user: { id: user.globalId }, statusId, requestedAt },
    "applied presence { status { id } }",
  );

const isApplied = async (...request: Parameters<typeof setStatus>) =>
  granted<{ applied: boolean }>(await setStatus(...request)).applied;

it("a request older than the last one applied changes nothing and returns applied: false", async () => {
  const user = await givenUser(gateway);
  expect(await isApplied(user, BUSY, fromNow(-HOUR))).toBe(true);
  const before = await storedPresence(gateway, user);
  expect(granted(await setStatus(user, AWAY, fromNow(-2 * HOUR)))).toEqual({
    applied: false,
    presence: { status: { id: BUSY } },
  });
  expect(await storedPresence(gateway, user)).toEqual(before);
});

it("requests of the same time and newer ones are applied", async () => {
  const user = await givenUser(gateway);
  const requestedAt = fromNow(-HOUR);
  expect(await isApplied(user, BUSY, requestedAt)).toBe(true);
  expect(await isApplied(user, AWAY, requestedAt)).toBe(true);
  expect(await isApplied(user, PAUSE, fromNow(-HOUR / 2))).toBe(true);
  expect((await seePresence(gateway, secret, user)).status.id).toBe(PAUSE);
});

it("a client clock ahead of the server does not block the next request", async () => {
  const user = await givenUser(gateway);
  expect(await isApplied(user, BUSY, fromNow(HOUR))).toBe(true);
  expect(await isApplied(user, AWAY, fromNow(0))).toBe(true);
  expect(await isApplied(user, PAUSE, fromNow(HOUR))).toBe(true);
  expect((await seePresence(gateway, secret, user)).status.id).toBe(PAUSE);
});

it("a client clock ahead of the server still orders earlier requests", async () => {
  const user = await givenUser(gateway);
  await setStatus(user, BUSY, fromNow(HOUR));
  expect(await isApplied(user, AWAY, fromNow(-1000))).toBe(false);
});

it("a request without a time is applied", async () => {
  const user = await givenUser(gateway);
  await setStatus(user, BUSY, fromNow(0));
  expect(await isApplied(user, AWAY)).toBe(true);
  expect((await seePresence(gateway, secret, user)).status.id).toBe(AWAY);
});

it("of concurrent requests in any order the newest stays in effect", async () => {
  const user = await givenUser(gateway);
  const requests = Array.from(
    { length: 20 },
    (_, i) => [i % 2 ? AWAY : BUSY, fromNow(-1000 * (i + 1))] as const,
  );
  const newest = [PAUSE, fromNow(0)] as const;
  const all = [...requests.slice(0, 10), newest, ...requests.slice(10)];
  await Promise.all(
    all.map(async ([statusId, requestedAt]) =>
      granted(await setStatus(user, statusId, requestedAt)),
    ),
  );
  expect((await seePresence(gateway, secret, user)).status.id).toBe(PAUSE);
});

it("a lock refuses old and new requests alike", async () => {
  const user = await givenUser(gateway);
  await setStatus(user, BUSY, fromNow(-HOUR));
  await mutate(gateway, secret, "lockStatus", { user: { id: user.globalId }, statusId: PAUSE });
  for (const wait of [0, -2 * HOUR]) {
    expect(await setStatus(user, AWAY, fromNow(wait))).toMatchObject(refusal("STATUS_LOCKED"));
  }
});
