import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { RestClient } from "@rocket.chat/api-client";
import { DEMO_PASSWORD, demoUsers } from "../../../src/demo/users.js";
import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import {
  askRocketChat,
  DOE_JOHN,
  JOHN_DOE,
  signIn,
  UNKNOWN_ID,
  usernamesOf,
} from "./ask-rocket-chat.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
});
afterAll(() => gateway.stop());

describe("@rocket.chat/sdk", () => {
  interface Told {
    readonly [name: string]: unknown;
    readonly token: string;
    readonly before: readonly string[];
    readonly during: readonly string[];
    readonly allNames: readonly string[];
    readonly allIDs: readonly string[];
    readonly onlineNames: readonly string[];
    readonly onlineIds: readonly string[];
  }

  let told: Told;
  beforeAll(async () => {
    const program = fork(join(__dirname, "sdk-session.cjs"), {
      env: {
        ...process.env,
        ROCKETCHAT_URL: gateway.url,
        ROCKETCHAT_USER: "john.doe",
        ROCKETCHAT_PASSWORD: DEMO_PASSWORD,
      },
    });
    const ended = once(program, "exit");
    const failed = ended.then(([code]) => [{ error: `exit code ${code}` }]);
    [told] = (await Promise.race([once(program, "message"), failed])) as [Told];
    program.disconnect();
    await ended;
    expect(told).not.toHaveProperty("error");
  });

  it("@rocket.chat/sdk logs in", () => {
    expect(told.login).toEqual({ success: true, userId: JOHN_DOE });
  });

  it("the client adds, lists, reads and removes an agent", () => {
    expect(told.before).not.toContain("juan.box");
    expect(told.added).toMatchObject({ user: { username: "juan.box" }, success: true });
    expect(told.one).toMatchObject({ user: { username: "juan.box", name: "Juan Box." } });
    expect([...told.during].sort()).toEqual([...told.before, "juan.box"].sort());
    expect(told.removed).toEqual({ success: true });
    expect(told.gone).toEqual({ user: null, success: true });
  });

  it("@rocket.chat/sdk sends its sort as JSON text and receives the sorted list", () => {
    expect(told.during).toEqual([...told.during].sort().reverse());
  });

  it("@rocket.chat/sdk rejects on a refusal", () => {
    expect(told.refused).toBe("undefined");
  });

  it("@rocket.chat/sdk lists users with fields", () => {
    const usernames = demoUsers.map(({ username }) => username).sort();
    expect(told.allNames).toEqual(usernames.slice(0, 50));
    expect(told.allIDs).toHaveLength(50);
    const [first] = told.all as object[];
    expect(Object.keys(first ?? {}).sort()).toEqual(["_id", "name", "status", "type", "username"]);
  });

  it("@rocket.chat/sdk lists online users by query", async () => {
    const john = await signIn(gateway, "john.doe");
    const presence = await askRocketChat(gateway, "users.presence", { as: john });
    expect(told.onlineNames).toEqual(usernamesOf(presence));
    expect(told.onlineIds).toContain(JOHN_DOE);
    expect(told.onlineNames).not.toContain("doe.john");
  });

  it("@rocket.chat/sdk logs out by GET, and its token is invalid afterwards", async () => {
    expect(told.logout).toBe(false);
    const as = { token: told.token, userId: JOHN_DOE };
    expect(await askRocketChat(gateway, "me", { as })).toMatchObject({ status: 401 });
  });
});

describe("@rocket.chat/api-client", () => {
  /** The client without the types of the endpoints, which are in a package that npm cannot install. */
  interface Client {
    get(endpoint: string, params?: object): Promise<Record<string, unknown>>;
    post(endpoint: string, params: object): Promise<Record<string, unknown>>;
    delete(endpoint: string): Promise<Record<string, unknown>>;
    handleTwoFactorChallenge(ask: () => Promise<string>): void;
  }

  let client: Client;
  beforeAll(async () => {
    const { token, userId } = await signIn(gateway, "john.doe");
    const credentials = { "X-Auth-Token": token, "X-User-Id": userId };
    client = new RestClient({ baseUrl: gateway.url, credentials });
  });

  it("@rocket.chat/api-client reads its own user", async () => {
    expect(await client.get("/v1/me")).toMatchObject({ _id: JOHN_DOE, success: true });
  });

  it("the client adds, lists, reads and removes an agent", async () => {
    const added = await client.post("/v1/livechat/users/agent", { username: "juan.box" });
    const { _id } = added.user as { _id: string };
    const one = `/v1/livechat/users/agent/${_id}`;
    expect(await client.get("/v1/livechat/users/agent", { text: "juan.box" })).toMatchObject({
      users: [{ _id, username: "juan.box" }],
      total: 1,
    });
    expect(await client.get(one)).toMatchObject({ user: { _id } });
    expect(await client.delete(one)).toEqual({ success: true });
    expect(await client.get(one)).toEqual({ user: null, success: true });
  });

  it("@rocket.chat/api-client sends lists as ids[]", async () => {
    const answer = await client.get("/v1/users.presence", { ids: [JOHN_DOE, DOE_JOHN] });
    expect((answer.users as { _id: string }[]).map(({ _id }) => _id)).toEqual([DOE_JOHN, JOHN_DOE]);
  });

  it("@rocket.chat/api-client sends flags and numbers", async () => {
    const params = { onlyAvailable: true, showIdleAgents: false, count: 2, offset: 1 };
    const answer = await client.get("/v1/livechat/users/agent", params);
    expect(answer).toMatchObject({ count: 2, offset: 1, success: true });
  });

  it("@rocket.chat/api-client rejects with the response and requests no second factor", async () => {
    let challenges = 0;
    client.handleTwoFactorChallenge(() => Promise.resolve(String((challenges += 1))));
    const refusal: unknown = await client
      .get(`/v1/livechat/users/agent/${UNKNOWN_ID}`)
      .catch((response: unknown) => response);
    expect(refusal).toBeInstanceOf(Response);
    expect(await (refusal as Response).json()).toEqual({ success: false, error: "User not found" });
    expect(challenges).toBe(0);
  });
});
