import { system } from "../../../src/domain/actor.js";
import { done, MULTIPART, type OmnideskDoor, refused, startOmnidesk } from "./client.js";

/** The example requests of Omnidesk's page as it prints them: JSON under a form's content type. */
let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

const NUMBERED_1 = 1;

const post = (path: string, body: string) => door.send("POST", path, { type: MULTIPART, body });

const PRESENCE = `presence { status { id } source lock { status { id } reason until } }`;

const UPDATE_STATUS = `{
"userID": 1,
"userEmailAddress": "name@gmail.com",
"statusID": 1,
"lastInternalCallID": 1,
"browserRequestTime": 0
}`;

const STATUS_LOCK = `{
"userID": 1,
"status": 1
}`;

const STATUS_LOCK_DELETE = `{
"userID": 1
}`;

it("updateStatus as printed sets the status and records the call in the history", async () => {
  await door.post("/updateStatus", { userID: NUMBERED_1, statusID: 2 });
  expect(await post("/updateStatus", UPDATE_STATUS)).toMatchObject(done("Status updated"));
  expect(await door.see(NUMBERED_1, PRESENCE)).toEqual({
    presence: { status: { id: 1 }, source: "MANUAL", lock: null },
  });
  expect(
    await door.see(
      NUMBERED_1,
      `statusHistory(first: 1) { nodes { from { id } to { id } door lastInternalCallId } }`,
    ),
  ).toEqual({
    statusHistory: {
      nodes: [{ from: { id: 2 }, to: { id: 1 }, door: "OMNIDESK", lastInternalCallId: "1" }],
    },
  });
});

it("statusLock and statusLockDelete as printed lock and restore the status", async () => {
  await door.post("/updateStatus", { userID: NUMBERED_1, statusID: 3 });
  expect(await post("/statusLock", STATUS_LOCK)).toMatchObject(done("Status locked"));
  expect(await door.see(NUMBERED_1, PRESENCE)).toEqual({
    presence: {
      status: { id: 1 },
      source: "LOCK",
      lock: { status: { id: 1 }, reason: null, until: null },
    },
  });
  expect(await post("/updateStatus", UPDATE_STATUS)).toMatchObject(
    refused(400, "The status is locked"),
  );

  expect(await post("/statusLockDelete", STATUS_LOCK_DELETE)).toMatchObject(
    done("Status lock deleted"),
  );
  expect(await door.see(NUMBERED_1, PRESENCE)).toEqual({
    presence: { status: { id: 3 }, source: "MANUAL", lock: null },
  });
});

it("refreshTab as printed publishes an event for the tab", async () => {
  const body = `{
"tabID": "text"
}`;
  expect(await post("/refreshTab", body)).toMatchObject(done("Tab refreshed"));
  const events: unknown = await door.gateway.dataSource.query(
    `SELECT subject FROM events WHERE topic = 'tabRefreshed'`,
  );
  expect(events).toEqual([{ subject: "text" }]);
});

describe("a status that is locked with a reason", () => {
  it("a change of a status locked with a reason is refused with that reason and changes nothing", async () => {
    const { presence } = door.gateway.services;
    const user = { username: "oisin.omalley" };
    await presence.lockStatus(system("given"), { user, statusId: 8, reason: "Fire drill" });
    const { users } = door.gateway.services;
    const found = await users.find(system("given"), user);
    const before = await door.see(found?.omnideskId ?? 0, PRESENCE);

    expect(
      await door.post("/updateStatus", { userID: found?.omnideskId, statusID: 1 }),
    ).toMatchObject(refused(400, "The status is locked: Fire drill"));
    expect(await door.see(found?.omnideskId ?? 0, PRESENCE)).toEqual(before);
  });
});
