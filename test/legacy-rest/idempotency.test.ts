import { system } from "../../src/domain/actor.js";
import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenUser, uniqueName } from "../support/given.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly isReplayed: boolean;
}

async function send({ method, path, body }: Request, key: string, secret = admin): Promise<Answer> {
  const response = await fetch(gateway.url + path, {
    method,
    headers: {
      apikey: secret,
      "x-auth-token": secret,
      "x-user-id": "xxxxxxxxxxxxxxxxx",
      authorization: `Bearer ${secret}`,
      "idempotency-key": key,
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const isReplayed = response.headers.get("idempotency-replayed") === "true";
  return { status: response.status, body: await response.json(), isReplayed };
}

const omnidesk = (method: string, action: string, body: object): Request => ({
  method,
  path: `/api/v2/user${action}`,
  body,
});
const rocketChat = (method: string, path: string, body?: object): Request => ({
  method,
  path: `/api/v1/${path}`,
  ...(body && { body }),
});

/** Each makes a change that a second execution would refuse or repeat. */
const requests: readonly [string, string, (user: User) => Request][] = [
  [
    "Omnidesk",
    "createUser",
    () =>
      omnidesk("POST", "", {
        firstname: "Ana",
        lastname: "Silva",
        name: uniqueName("ana").replaceAll("-", "."),
        email: `${uniqueName("ana")}@example.org`,
        telephone_number: "+31201234567",
      }),
  ],
  [
    "Omnidesk",
    "updateUser",
    ({ omnideskId }) => omnidesk("PUT", `/${omnideskId}`, { firstname: "Ana" }),
  ],
  [
    "Omnidesk",
    "reserveUserForLiveChannel",
    // Long enough not to expire while changes are counted.
    ({ omnideskId }) =>
      omnidesk("POST", "/reserveUserForLiveChannel", { userID: omnideskId, seconds: 3600 }),
  ],
  [
    "Omnidesk",
    "removeUserStatistic",
    ({ omnideskId }) =>
      omnidesk("DELETE", "/userStatistic", { userID: omnideskId, statistic: "CALLS" }),
  ],
  [
    "Rocket.Chat",
    "registerAgent",
    ({ username }) => rocketChat("POST", "livechat/users/manager", { username }),
  ],
  [
    "Rocket.Chat",
    "removeAgent",
    ({ rocketChatId }) => rocketChat("DELETE", `livechat/users/agent/${rocketChatId}`),
  ],
  [
    "Rocket.Chat",
    "setAgentAvailability",
    ({ rocketChatId }) => rocketChat("POST", "livechat/agent.status", { agentId: rocketChatId }),
  ],
];

const given = system("given");

/** Creates an agent on which every request succeeds. */
async function givenSomebody(): Promise<User> {
  const user = await givenAgent(gateway);
  const by = { user: { id: user.globalId } };
  await gateway.services.presence.setStatus(given, { ...by, statusId: 1 });
  await gateway.services.statistics.add(given, { ...by, statistic: "CALLS" });
  return user;
}

const query = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  gateway.dataSource.query<Row[]>(sql, values);

const countChanges = async (): Promise<unknown> =>
  query(
    `SELECT (SELECT count(*) FROM audit_records) AS audited, (SELECT count(*) FROM events) AS told`,
  );

describe.each(requests)("%s: %s", (_dialect, _operation, requestAbout) => {
  it("the request is executed once and returns the same response whether the first one was stored or lost", async () => {
    const request = requestAbout(await givenSomebody());
    const key = uniqueName("key");
    const first = await send(request, key);
    expect(first).toMatchObject({ status: 200, isReplayed: false });
    const changes = await countChanges();

    const kept = await send(request, key);
    // The state after a process has died between the commit and the response.
    await query(`UPDATE idempotent_requests SET answer = NULL`);
    const lost = await send(request, key);
    expect([kept, lost]).toEqual(Array(2).fill({ ...first, isReplayed: true }));
    expect(await countChanges()).toEqual(changes);
  });

  it("concurrent repeats of the request are executed once", async () => {
    const request = requestAbout(await givenSomebody());
    const key = uniqueName("key");
    const before = await query(`SELECT id FROM audit_records`);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(request, key)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await query(`SELECT id FROM audit_records`)).toHaveLength(before.length + 1);
  });
});

const REUSED = "The Idempotency-Key was already used for a different request";
const FORM = "must be 1 to 255 visible ASCII characters";

it("Omnidesk: the key of another request is refused in Omnidesk's shape and changes nothing", async () => {
  const { omnideskId } = await givenSomebody();
  const key = uniqueName("key");
  const maxChats = (number: number) =>
    omnidesk("PUT", "/maxChats", { userID: omnideskId, maxChats: number });
  await send(maxChats(7), key);
  const changes = await countChanges();
  expect(await send(maxChats(8), key)).toMatchObject({
    status: 400,
    body: { status: "error", message: REUSED },
  });
  expect(await send(maxChats(8), "two words")).toMatchObject({
    status: 400,
    body: { status: "error", message: `Idempotency-Key: ${FORM}` },
  });
  expect(await countChanges()).toEqual(changes);
});

it("Rocket.Chat: the key of another request is refused in Rocket.Chat's shape at every endpoint", async () => {
  const [one, other] = [await givenUser(gateway), await givenUser(gateway)];
  const key = uniqueName("key");
  const register = ({ username }: User) => rocketChat("POST", "livechat/users/agent", { username });
  await send(register(one), key);
  const changes = await countChanges();
  expect(await send(register(other), key)).toMatchObject({
    status: 400,
    body: {
      success: false,
      error: `${REUSED} [error-not-allowed]`,
      errorType: "error-not-allowed",
    },
  });
  expect(await send(register(other), "two words")).toMatchObject({
    status: 400,
    body: { success: false, error: `Idempotency-Key ${FORM} [invalid-params]` },
  });
  expect(await countChanges()).toEqual(changes);
});

it("the same key at another API is another request", async () => {
  const { omnideskId, rocketChatId } = await givenSomebody();
  const key = uniqueName("key");
  await send(omnidesk("PUT", "/maxChats", { userID: omnideskId, maxChats: 7 }), key);
  const answer = await send(rocketChat("DELETE", `livechat/users/agent/${rocketChatId}`), key);
  expect(answer).toMatchObject({ status: 400, body: { errorType: "error-not-allowed" } });
});

it.each(["/rest/v1.0/1/users/user?uid=a", "/api/v2/users/usersonline", "/api/v1/users.list"])(
  "GET %s is executed each time, whatever its key",
  async (path) => {
    for (let time = 1; time <= 2; time += 1) {
      const answer = await send({ method: "GET", path }, "the same");
      expect(answer).toMatchObject({ isReplayed: false });
      expect([200, 404]).toContain(answer.status);
    }
  },
);
