import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { givenSignedIn } from "../../support/given.js";
import {
  askRocketChat,
  DOE_JOHN,
  givenKeyOfNobody,
  JOHN_DOE,
  type RocketChatUser,
  signIn,
  UNKNOWN_ID,
} from "./ask-rocket-chat.js";
import { letTimePass } from "./let-time-pass.js";

let gateway: TestGateway;
let writer: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  writer = await givenKeyOfNobody(gateway, "USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const set = (as: RocketChatUser, json: unknown) =>
  askRocketChat(gateway, "users.setStatus", { as, json });

const statusOf = async (userId: string): Promise<Record<string, unknown>> =>
  (await askRocketChat(gateway, "users.getStatus", { as: writer, query: { userId } })).body;

async function givenSelf(): Promise<RocketChatUser> {
  const { user, secret } = await givenSignedIn(gateway);
  return { token: secret, userId: user.rocketChatId };
}

/** The status in effect, as GraphQL returns it. */
async function statusRowOf(rocketChatId: string): Promise<unknown> {
  const { data } = await gateway.ask(
    writer.token,
    `query ($by: UserBy!) { user(by: $by) { presence { status { id class } } } }`,
    { by: { external: { system: "ROCKET_CHAT", id: rocketChatId } } },
  );
  return (data?.user as { presence: { status: unknown } }).presence.status;
}

it.each([
  ["online", { id: 1, class: "AVAILABLE" }],
  ["busy", { id: 2, class: "BUSY" }],
  ["away", { id: 3, class: "AWAY" }],
  ["offline", { id: 4, class: "OFFLINE" }],
])("users.setStatus: %s sets status %j", async (status, row) => {
  const self = await givenSelf();
  expect(await set(self, { status })).toMatchObject({ status: 200, text: '{"success":true}' });
  expect(await statusOf(self.userId)).toMatchObject({ status, statusSource: "manual" });
  expect(await statusRowOf(self.userId)).toEqual(row);
});

it("users.setStatus accepts a form", async () => {
  const self = await givenSelf();
  const form = { status: "away", message: "at lunch" };
  const answer = await askRocketChat(gateway, "users.setStatus", { as: self, form });
  expect(answer).toMatchObject({ status: 200 });
  expect(await statusOf(self.userId)).toMatchObject({ status: "away" });
});

it("users.setStatus accepts a message and does not store it", async () => {
  const self = await givenSelf();
  await set(self, { status: "busy" });
  expect(await set(self, { message: "back at two" })).toMatchObject({ status: 200 });
  expect(await statusOf(self.userId)).toMatchObject({ status: "busy", message: "" });
  expect(await set(self, { message: "", status: "" })).toMatchObject({ status: 200 });
  expect(await statusOf(self.userId)).toMatchObject({ status: "busy" });
});

it("users.setStatus returns expiresAt, and the status before returns at that time", async () => {
  const self = await givenSelf();
  await set(self, { status: "away" });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await set(self, { status: "busy", expiresAt });
  expect(await statusOf(self.userId)).toMatchObject({ status: "busy", statusExpiresAt: expiresAt });

  await letTimePass(gateway, self.userId, 2);
  const { status, statusExpiresAt } = await statusOf(self.userId);
  expect({ status, statusExpiresAt }).toEqual({ status: "away", statusExpiresAt: undefined });
});

it.each(["2020-01-01T00:00:00Z", "tomorrow", "2020-01-01"])(
  "users.setStatus refuses expiresAt %s",
  async (expiresAt) => {
    const self = await givenSelf();
    const answer = await set(self, { status: "busy", expiresAt });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body).toEqual({
      success: false,
      error: "expiresAt must be a future date [error-invalid-date]",
      errorType: "error-invalid-date",
    });
    expect(await statusOf(self.userId)).toMatchObject({ status: "offline" });
  },
);

it.each([{}, { userId: JOHN_DOE }, { status: null, message: null }])(
  "users.setStatus refuses %j without status and message",
  async (json) => {
    const answer = await set(await givenSelf(), json);
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body).toEqual({
      success: false,
      error: "Match error: Failed Match.OneOf, Match.Maybe or Match.Optional validation",
    });
  },
);

it.each(["invisible", "Online", "1"])("users.setStatus refuses the status %s", async (status) => {
  const answer = await set(await givenSelf(), { status });
  expect(answer).toMatchObject({ status: 400 });
  expect(answer.body).toEqual({
    success: false,
    error: "Valid status types include online, away, offline, and busy. [error-invalid-status]",
    errorType: "error-invalid-status",
    details: { method: "users.setStatus" },
  });
});

describe("another user's status", () => {
  it.each([["userId"], ["username"], ["user"]])(
    "another user's status is set by %s with USER_CUD",
    async (key) => {
      const { user } = await givenSignedIn(gateway);
      const name = key === "userId" ? user.rocketChatId : user.username;
      expect(await set(writer, { status: "busy", [key]: name })).toMatchObject({ status: 200 });
      expect(await statusOf(user.rocketChatId)).toMatchObject({ status: "busy" });
    },
  );

  it.each([{ status: "away" }, { message: "hello" }])(
    "%j without USER_CUD is refused and changes nothing",
    async (wanted) => {
      const before = await statusOf(JOHN_DOE);
      const answer = await set(await signIn(gateway, "doe.john"), { ...wanted, userId: JOHN_DOE });
      expect(answer).toMatchObject({
        status: 403,
        text: '{"success":false,"error":"unauthorized"}',
      });
      expect(await statusOf(JOHN_DOE)).toEqual(before);
    },
  );

  it.each([{ status: "away" }, { message: "hello" }])(
    "%j of an unknown user is refused",
    async (wanted) => {
      expect(await set(writer, { ...wanted, userId: UNKNOWN_ID })).toMatchObject({
        status: 400,
        body: { errorType: "error-invalid-user" },
      });
    },
  );

  it("a key without an owner must name the user", async () => {
    expect(await set(writer, { status: "away" })).toMatchObject({
      status: 400,
      body: { errorType: "error-user-param-not-provided" },
    });
  });
});

it("a locked status is kept, and the refusal has the reason", async () => {
  const json = { status: "online", username: "soren.kjaer" };
  const { status, body } = await set(writer, json);
  expect(status).toBe(400);
  const reason = "Certification course until the end of the week";
  expect(body).toMatchObject({
    success: false,
    error: `The status is locked: ${reason} [error-status-locked]`,
    errorType: "error-status-locked",
    details: { lock: { reason } },
  });
  const query = { username: "soren.kjaer" };
  const after = await askRocketChat(gateway, "users.getStatus", { as: writer, query });
  expect(after.body).toMatchObject({ status: "away" });
});

it("the status of a deactivated user is refused", async () => {
  expect(await set(writer, { status: "online", username: "thomas.baker" })).toMatchObject({
    status: 400,
    body: { errorType: "error-user-deactivated" },
  });
});

it("a signed-in user sets their own status by their id", async () => {
  const doe = await signIn(gateway, "doe.john");
  expect(await set(doe, { status: "busy", userId: DOE_JOHN })).toMatchObject({ status: 200 });
});
