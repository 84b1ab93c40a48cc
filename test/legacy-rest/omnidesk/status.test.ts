import { system } from "../../../src/domain/actor.js";
import { done, type OmnideskDoor, refused, startOmnidesk } from "./client.js";

let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

const BUSY = 2;
const AWAY = 3;
const PAUSE = 5;
const TOO_LATE = "Status not updated: a newer request than this one was already applied";

const update = (fields: object) => door.post("/updateStatus", fields);

async function statusOf(userID: number): Promise<number> {
  const seen = await door.see(userID, "presence { status { id } }");
  return (seen as { presence: { status: { id: number } } }).presence.status.id;
}

async function createdUser(): Promise<number> {
  const name = `status.${Date.now()}.${Math.random().toString(36).slice(2, 8)}`;
  const user = await door.gateway.services.users.create(system("given"), { username: name });
  return user.omnideskId;
}

describe("the user of a status call", () => {
  it("a status call names the user by number, e-mail address or, if absent, the key's owner", async () => {
    await update({ userID: 34, statusID: BUSY });
    expect(await statusOf(34)).toBe(BUSY);
    await update({ userEmailAddress: "Malia.Kahananui@example.com", statusID: AWAY });
    expect(await statusOf(34)).toBe(AWAY);
    await update({ statusID: PAUSE });
    expect(await statusOf(1)).toBe(PAUSE);
    expect(await statusOf(34)).toBe(AWAY);
  });

  it("a status call prefers the number over the e-mail address", async () => {
    await update({ userID: 35, userEmailAddress: "malia.kahananui@example.com", statusID: BUSY });
    expect(await statusOf(35)).toBe(BUSY);
    expect(await statusOf(34)).toBe(AWAY);
  });

  it.each([
    [{ userID: 4711 }, "User not found: 4711"],
    [{ userEmailAddress: "nobody@example.com" }, "User not found: nobody@example.com"],
    [{ userEmailAddress: "" }, "User not found"],
    [{ userID: "somebody" }, "userID: must be the number of a user, or UID"],
  ])("a status call for %j, an unknown user, is refused", async (whom, message) => {
    expect(await update({ ...whom, statusID: BUSY })).toMatchObject(refused(400, message));
  });
});

it.each([
  [{}, "statusID: must be a whole number"],
  [{ statusID: "" }, "statusID: must be a whole number"],
  [{ statusID: 0 }, "statusID: must be the number of a status"],
  [{ statusID: 99 }, "Status not found: 99"],
  [{ statusID: 6 }, "statusID: Wrap-up is not for choosing"],
  [{ statusID: BUSY, lastInternalCallID: -1 }, "lastInternalCallID: must not be negative"],
  [{ statusID: BUSY, browserRequestTime: -1 }, "browserRequestTime: must not be negative"],
  [{ statusID: BUSY, browserRequestTime: "now" }, "browserRequestTime: must be a whole number"],
])("a status call with %j is refused and changes nothing", async (fields, message) => {
  const user = await createdUser();
  const before = await statusOf(user);
  expect(await update({ userID: user, ...fields })).toMatchObject(refused(400, message));
  expect(await statusOf(user)).toBe(before);
});

it("a status call for a deactivated user is refused", async () => {
  expect(await update({ userID: 38, statusID: BUSY })).toMatchObject(
    refused(400, "The user is deactivated"),
  );
});

describe("the browser's clock", () => {
  const at = Date.now() - 60_000;

  it("a status update older than the last one succeeds and changes nothing", async () => {
    const userID = await createdUser();
    expect(await update({ userID, statusID: BUSY, browserRequestTime: at })).toMatchObject(
      done("Status updated"),
    );
    expect(await update({ userID, statusID: AWAY, browserRequestTime: at - 1 })).toMatchObject(
      done(TOO_LATE),
    );
    expect(await statusOf(userID)).toBe(BUSY);
    expect(await update({ userID, statusID: PAUSE, browserRequestTime: at + 1 })).toMatchObject(
      done("Status updated"),
    );
    expect(await statusOf(userID)).toBe(PAUSE);
  });

  it("a status update without a client time is applied", async () => {
    const userID = await createdUser();
    await update({ userID, statusID: BUSY, browserRequestTime: at });
    for (const [statusID, clock] of [
      [AWAY, { browserRequestTime: 0 }],
      [PAUSE, { browserRequestTime: "0" }],
      [BUSY, {}],
    ] as const) {
      expect(await update({ userID, statusID, ...clock })).toMatchObject(done("Status updated"));
      expect(await statusOf(userID)).toBe(statusID);
    }
  });

  it("a client clock ahead of the server does not block the next update", async () => {
    const userID = await createdUser();
    const ahead = Date.now() + 3_600_000;
    await update({ userID, statusID: BUSY, browserRequestTime: ahead });
    const answer = await update({ userID, statusID: AWAY, browserRequestTime: ahead + 1 });
    expect(answer).toMatchObject(done("Status updated"));
    expect(await statusOf(userID)).toBe(AWAY);
  });

  it("a status update under a lock is refused, outdated or not", async () => {
    const userID = await createdUser();
    await update({ userID, statusID: BUSY, browserRequestTime: at });
    await door.post("/statusLock", { userID, status: AWAY });
    expect(await update({ userID, statusID: PAUSE, browserRequestTime: at - 1 })).toMatchObject(
      refused(400, "The status is locked"),
    );
    expect(await statusOf(userID)).toBe(AWAY);
  });
});

describe("the lock", () => {
  it.each([
    [{ status: 99 }, "Status not found: 99"],
    [{ status: 0 }, "status: must be the number of a status"],
    [{}, "status: must be a whole number"],
    [{ status: BUSY, userID: 4711 }, "User not found: 4711"],
  ])("statusLock with %j is refused with its name", async (fields, message) => {
    const userID = await createdUser();
    expect(await door.post("/statusLock", { userID, ...fields })).toMatchObject(
      refused(400, message),
    );
    expect(await door.see(userID, "presence { lock { until } }")).toEqual({
      presence: { lock: null },
    });
  });

  it("statusLock replaces a lock, and deleting a missing one changes nothing", async () => {
    const userID = await createdUser();
    await door.post("/statusLock", { userID, status: BUSY });
    await door.post("/statusLock", { userID, status: AWAY });
    expect(await statusOf(userID)).toBe(AWAY);
    for (let i = 0; i < 2; i += 1) {
      expect(await door.post("/statusLockDelete", { userID })).toMatchObject(
        done("Status lock deleted"),
      );
      expect(await door.see(userID, "presence { lock { until } status { id } }")).toEqual({
        presence: { lock: null, status: { id: 4 } },
      });
    }
  });
});
