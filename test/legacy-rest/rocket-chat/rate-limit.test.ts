import { request } from "node:http";
import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { askRocketChat, givenKeyOfNobody, type RocketChatUser } from "./ask-rocket-chat.js";

const LIMIT = 5;
const MINUTE_MS = 60_000;

let gateway: TestGateway;
let reader: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway({ ROCKET_CHAT_CALLS_PER_MINUTE: String(LIMIT) });
  await seedDemo(gateway.dataSource);
  reader = await givenKeyOfNobody(gateway, "USER_READ");
});
afterAll(() => gateway.stop());

const ask = (path: string, as: RocketChatUser | null = reader) =>
  askRocketChat(gateway, path, { as });

const remainingOf = ({ headers }: { headers: Headers }) =>
  Number(headers.get("x-ratelimit-remaining"));

it("Rocket.Chat: each endpoint counts its calls, returns how many are left and then refuses", async () => {
  const before = Date.now();
  for (let left = LIMIT - 1; left >= 0; left -= 1) {
    const answer = await ask("users.list");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-ratelimit-limit")).toBe(String(LIMIT));
    expect(remainingOf(answer)).toBe(left);
    const reset = Number(answer.headers.get("x-ratelimit-reset"));
    expect(reset).toBeGreaterThan(before);
    expect(reset).toBeLessThanOrEqual(Date.now() + MINUTE_MS);
  }

  const refused = await ask("users.list");
  expect(refused.status).toBe(429);
  expect(refused.body).toEqual({
    success: false,
    error: expect.stringMatching(
      /^Error, too many requests\. Please slow down\. You must wait \d+ seconds before trying this endpoint again\. \[error-too-many-requests\]$/,
    ) as unknown,
  });
  expect(remainingOf(refused)).toBe(0);
  expect(refused.headers.get("content-type")).toBe("application/json");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);

  const other = await ask("users.presence");
  expect(other.status).toBe(200);
  expect(remainingOf(other)).toBe(LIMIT - 1);
});

it("Rocket.Chat: an endpoint has one rate limit, whatever user it names", async () => {
  await ask("livechat/users/agent/aobEdbYhXfu5hkeqG");
  const answer = await ask("livechat/users/manager/SQafHvoFPuB57NmBD");
  expect(remainingOf(answer)).toBe(LIMIT - 2);
});

it("Rocket.Chat: each method of a path has its own rate limit", async () => {
  await ask("livechat/users/agent");
  const path = "livechat/users/agent";
  const added = await askRocketChat(gateway, path, { as: reader, json: { username: "x" } });
  expect(remainingOf(added)).toBe(LIMIT - 1);
});

it("Rocket.Chat: wrong credentials are counted before any lookup", async () => {
  for (let left = LIMIT - 1; left >= 0; left -= 1) {
    const answer = await ask("me", null);
    expect(answer.status).toBe(401);
    expect(remainingOf(answer)).toBe(left);
  }
  expect(await ask("me", null)).toMatchObject({ status: 429 });
  expect(await ask("me")).toMatchObject({ status: 429 });
});

it("Rocket.Chat: a forged forwarding header does not reset the rate limit", async () => {
  for (let i = 0; i < LIMIT; i += 1) await ask("users.getPresence");
  const headers = { "X-Forwarded-For": "203.0.113.7", "X-Real-IP": "203.0.113.7" };
  const answer = await askRocketChat(gateway, "users.getPresence", { as: reader, headers });
  expect(answer.status).toBe(429);
});

// macOS has one loopback address only.
const anotherAddress = process.platform === "darwin" ? it.skip : it;
anotherAddress("another address has calls of its own", async () => {
  for (let i = 0; i < LIMIT; i += 1) await ask("users.getStatus");
  expect(await ask("users.getStatus")).toMatchObject({ status: 429 });
  expect(await statusFrom("127.0.0.2", "/api/v1/users.getStatus")).toBe(401);
});

it("Rocket.Chat: calls of other APIs are not counted", async () => {
  for (let i = 0; i <= LIMIT; i += 1) {
    const { status } = await gateway.ask(reader.token, `{ statuses { id } }`);
    expect(status).toBe(200);
  }
});

/** The status of an anonymous request from a loopback address. */
function statusFrom(localAddress: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, localAddress }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once("error", reject)
      .end();
  });
}
