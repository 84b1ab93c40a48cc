import { done, FORM, type OmnideskDoor, refused, startOmnidesk } from "./client.js";

let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

/** Available, with four slots, all of them free. */
const NGUYEN = 12;

const reserve = (fields: object) => door.post("/reserveUserForLiveChannel", fields);
const active = (userID: number) =>
  door.see(userID, "agent { activeReservations { channel state fencingToken } }");

/** The seconds from now until a time of the response, which has no zone and no fractions. */
const secondsLeft = (expiresAt: unknown) =>
  (Date.parse(`${String(expiresAt).replace(" ", "T")}Z`) - Date.now()) / 1000;

it("reserve holds the user for a livechat and 30 seconds by default", async () => {
  const answer = await reserve({ userID: NGUYEN });
  expect(answer).toEqual({
    ...done("User reserved", {
      reservationID: expect.any(Number),
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      fencingToken: 1,
    }),
    headers: expect.anything(),
  });
  expect(secondsLeft(answer.body.expiresAt)).toBeLessThanOrEqual(30);
  expect(secondsLeft(answer.body.expiresAt)).toBeGreaterThan(20);
  expect(await active(NGUYEN)).toEqual({
    agent: { activeReservations: [{ channel: "livechat", state: "HELD", fencingToken: 1 }] },
  });
});

it("reserve accepts an e-mail address, channel and duration, also in a quoted form", async () => {
  const body = `"userEmailAddress='nguyen.minh.anh@example.com'&channel='phone'&seconds=600"`;
  const answer = await door.send("POST", "/reserveUserForLiveChannel", { type: FORM, body });
  expect(answer).toMatchObject(done("User reserved", { fencingToken: 2 }));
  expect(secondsLeft(answer.body.expiresAt)).toBeGreaterThan(590);
  expect(await active(NGUYEN)).toMatchObject({
    agent: {
      activeReservations: expect.arrayContaining([expect.objectContaining({ channel: "phone" })]),
    },
  });
});

it.each([
  // Inès, behind the key.
  [{}, "The user is no agent"],
  [{ userID: 38 }, "The user is deactivated"],
  [{ userID: 27 }, "The agent takes no part in live channels"],
  [{ userID: 13 }, "The agent's status is Training, of class AWAY"],
  [{ userID: 25 }, "The agent has 1 of at most 1 chats"],
  [{ userID: 4711 }, "User not found: 4711"],
  [{ userEmailAddress: "nobody@example.com" }, "User not found: nobody@example.com"],
  [{ userID: NGUYEN, seconds: 0 }, /^seconds: /],
  [{ userID: NGUYEN, seconds: 1_000_000 }, /^seconds: /],
  [{ userID: NGUYEN, seconds: "soon" }, "seconds: must be a whole number"],
  [{ userID: NGUYEN, channel: "" }, /^channel: /],
])("reserve with %j is refused with the reason and holds no user", async (fields, message) => {
  const held = () => door.gateway.dataSource.query(`SELECT count(*) FROM reservations`);
  const before: unknown = await held();
  expect(await reserve(fields)).toMatchObject(refused(400, message));
  expect(await held()).toEqual(before);
});
