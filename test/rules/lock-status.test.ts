import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn, givenUser } from "../support/given.js";
import { statusTransportOf, type StatusTransport, statusTransportNames } from "./transports.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import { letEnd } from "../support/let-end.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";

const BUSY = 2;
const AWAY = 3;
const PAUSE = 5;
const LOGGED_OUT = 7;
const UNKNOWN = 99;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const see = (user: User) => seePresence(gateway, secret, user);

const lockStatus = (user: User, input: object, by = secret) =>
  mutate(gateway, by, "lockStatus", { user: { id: user.globalId }, ...input });

describe.each(statusTransportNames)("%s", (name) => {
  let transport: StatusTransport;
  beforeAll(() => {
    transport = statusTransportOf(name, gateway, secret);
  });

  it("a lock is in effect immediately, until it is released", async () => {
    const user = await givenUser(gateway);
    await transport.setStatus(user, BUSY);
    expect(await transport.lockStatus(user, PAUSE)).toMatchObject(transport.done);
    expect(await see(user)).toMatchObject({
      status: { id: PAUSE },
      source: "LOCK",
      until: null,
      configuredStatus: { id: BUSY },
      lock: { status: { id: PAUSE }, lockedBy: null, until: null },
    });
  });

  it("a locked status cannot be changed", async () => {
    const user = await givenUser(gateway);
    await transport.lockStatus(user, PAUSE);
    const before = await storedPresence(gateway, user);
    expect(await transport.setStatus(user, BUSY)).toMatchObject(transport.refused("STATUS_LOCKED"));
    expect(await storedPresence(gateway, user)).toEqual(before);
  });

  it("a second lock replaces the first, and both are audited", async () => {
    const user = await givenUser(gateway);
    await transport.lockStatus(user, PAUSE);
    const first = (await see(user)).lock;
    expect(await transport.lockStatus(user, AWAY)).toMatchObject(transport.done);
    const { status, lock } = await see(user);
    expect([status.id, lock?.status.id]).toEqual([AWAY, AWAY]);
    expect(lock?.lockedAt).not.toBe(first?.lockedAt);
    expect(await storedPresence(gateway, user)).toMatchObject({
      claims: [{ kind: "LOCK", status_id: AWAY }],
      audit: [{ action: "createUser" }, { action: "lockStatus" }, { action: "lockStatus" }],
    });
  });

  it("releasing a lock restores the status chosen before it", async () => {
    const user = await givenUser(gateway);
    await transport.setStatus(user, BUSY);
    await transport.lockStatus(user, PAUSE);
    expect(await transport.unlockStatus(user)).toMatchObject(transport.done);
    expect(await see(user)).toMatchObject({ status: { id: BUSY }, source: "MANUAL", lock: null });
    expect(await transport.setStatus(user, AWAY)).toMatchObject(transport.done);
  });

  it("releasing without a lock changes nothing", async () => {
    const user = await givenUser(gateway);
    await transport.setStatus(user, BUSY);
    const before = await storedPresence(gateway, user);
    expect(await transport.unlockStatus(user)).toMatchObject(transport.done);
    expect(await storedPresence(gateway, user)).toEqual(before);
  });

  it("an unknown status is refused", async () => {
    const user = await givenUser(gateway);
    const before = await storedPresence(gateway, user);
    expect(await transport.lockStatus(user, UNKNOWN)).toMatchObject(transport.refused("NOT_FOUND"));
    expect(await storedPresence(gateway, user)).toEqual(before);
  });

  it("a status that is not selectable can be locked", async () => {
    const user = await givenUser(gateway);
    expect(await transport.lockStatus(user, LOGGED_OUT)).toMatchObject(transport.done);
    expect((await see(user)).status.id).toBe(LOGGED_OUT);
  });
});

it("GRAPHQL: a refusal contains the details of the lock", async () => {
  const user = await givenUser(gateway);
  const until = new Date(Date.now() + 60_000).toISOString();
  await lockStatus(user, { statusId: PAUSE, reason: "Team meeting", until });
  const { lock } = await see(user);
  const set = { user: { id: user.globalId }, statusId: BUSY };
  const { data, errors } = await mutate(gateway, secret, "setStatus", set);
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ message: "The status is locked: Team meeting" }]);
  expect(errors?.[0]?.extensions).toEqual({
    code: "STATUS_LOCKED",
    lock: { statusId: PAUSE, reason: "Team meeting", lockedAt: lock?.lockedAt, until },
  });
});

it("a lock names the user that set it", async () => {
  const user = await givenUser(gateway);
  const { user: supervisor, secret: session } = await givenSignedIn(gateway, "USER_CUD");
  granted(await lockStatus(user, { statusId: PAUSE, reason: "Talk to me" }, session));
  expect((await see(user)).lock).toMatchObject({
    lockedBy: { username: supervisor.username },
    reason: "Talk to me",
  });
});

it("a choice made under a lock is in effect once the lock is released", async () => {
  const user = await givenUser(gateway);
  const by = { user: { id: user.globalId } };
  await lockStatus(user, { statusId: PAUSE });
  await mutate(gateway, secret, "heartbeat", by);
  expect(await see(user)).toMatchObject({ status: { id: PAUSE }, online: true });
  const until = new Date(Date.now() + 60_000).toISOString();
  granted(
    await mutate(gateway, secret, "reportExternalStatus", {
      ...by,
      source: "calendar",
      statusId: AWAY,
      until,
    }),
  );
  expect(await see(user)).toMatchObject({ status: { id: PAUSE }, source: "LOCK" });

  await mutate(gateway, secret, "unlockStatus", by);
  expect(await see(user)).toMatchObject({ status: { id: AWAY }, source: "EXTERNAL", until });
  await mutate(gateway, secret, "reportExternalStatus", { ...by, source: "calendar" });
  expect(await see(user)).toMatchObject({ status: { class: "AVAILABLE" }, source: "CONNECTION" });
});

it("a lock with an end expires by itself, and the status can be changed again", async () => {
  const user = await givenUser(gateway);
  const set = { user: { id: user.globalId }, statusId: BUSY };
  granted(await mutate(gateway, secret, "setStatus", set));
  const until = new Date(Date.now() + 3_600_000).toISOString();
  granted(await lockStatus(user, { statusId: PAUSE, until }));
  expect(await see(user)).toMatchObject({ status: { id: PAUSE }, until, lock: { until } });
  const since = await letEnd(gateway, user);
  await eventually(async () => expect((await see(user)).lock).toBeNull());
  expect(await see(user)).toMatchObject({ status: { id: BUSY }, since, source: "MANUAL" });
  granted(await mutate(gateway, secret, "setStatus", { ...set, statusId: AWAY }));
});

it("a choice that expired under a lock is gone once the lock is released", async () => {
  const user = await givenUser(gateway);
  const until = new Date(Date.now() + 3_600_000);
  const set = { user: { id: user.globalId }, statusId: BUSY, until };
  granted(await mutate(gateway, secret, "setStatus", set));
  granted(await lockStatus(user, { statusId: PAUSE }));
  await letEnd(gateway, user);
  await eventually(async () => expect((await see(user)).configuredStatus).toBeNull());
  await mutate(gateway, secret, "unlockStatus", { user: { id: user.globalId } });
  expect(await see(user)).toMatchObject({ status: { class: "OFFLINE" }, source: "CONNECTION" });
});

it.each([
  ["an end that has passed", { statusId: PAUSE, until: "2020-01-01T00:00:00Z" }, "until"],
  ["an empty reason", { statusId: PAUSE, reason: "  " }, "reason"],
  ["a reason with control characters", { statusId: PAUSE, reason: "a\u0000b" }, "reason"],
  ["a reason with half a character", { statusId: PAUSE, reason: "a\ud83d" }, "reason"],
  ["a reason that goes on and on", { statusId: PAUSE, reason: "x".repeat(501) }, "reason"],
  ["a status that is no id", { statusId: 0 }, "statusId"],
])("%s is refused, and nothing is changed", async (_, input, path) => {
  const user = await givenUser(gateway);
  const before = await storedPresence(gateway, user);
  expect(await lockStatus(user, input)).toMatchObject(
    refusal("BAD_USER_INPUT", { fields: [{ path }] }),
  );
  expect(await storedPresence(gateway, user)).toEqual(before);
});
