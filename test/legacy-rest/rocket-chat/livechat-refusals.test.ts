import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import {
  type Asking,
  askRocketChat,
  DOE_JOHN,
  givenKeyOfNobody,
  JOHN_DOE,
  type RocketChatUser,
  signIn,
  UNKNOWN_ID,
} from "./ask-rocket-chat.js";

let gateway: TestGateway;
let writer: RocketChatUser;
let reader: RocketChatUser;
let powerless: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  writer = await givenKeyOfNobody(gateway, "USER_READ", "USER_CUD");
  reader = await givenKeyOfNobody(gateway, "USER_READ");
  powerless = await signIn(gateway, "doe.john");
});
afterAll(() => gateway.stop());

type Ask = Omit<Asking, "as">;
const ask = (as: RocketChatUser, path: string, asking: Ask = {}) =>
  askRocketChat(gateway, path, { as, ...asking });

const invalidUser = {
  success: false,
  error: "Invalid user [error-invalid-user]",
  errorType: "error-invalid-user",
};

describe("a type that does not exist", () => {
  const calls: [string, Ask][] = [
    ["livechat/users/visitor", {}],
    ["livechat/users/visitor", { json: { username: "john.doe" } }],
    ["livechat/users/visitor", { json: {} }],
    ["livechat/users/Agent", {}],
    [`livechat/users/visitor/${JOHN_DOE}`, {}],
    [`livechat/users/visitor/${UNKNOWN_ID}`, {}],
    [`livechat/users/visitor/${JOHN_DOE}`, { method: "DELETE" }],
  ];
  it.each(calls)(
    "an unknown livechat type is refused before permissions: %s %j",
    async (path, asking) => {
      const body = { success: false, error: "Invalid type" };
      expect(await ask(writer, path, asking)).toMatchObject({ status: 400, body });
      const { body: told } = await ask(powerless, path, asking);
      expect(told).toEqual(body);
    },
  );

  it.each(calls)(
    "an unknown livechat type without a credential is refused as unauthenticated: %s %j",
    async (path, asking) => {
      const { status } = await askRocketChat(gateway, path, { as: null, ...asking });
      expect(status).toBe(401);
    },
  );
});

describe("adding", () => {
  it.each([
    ["an unknown username", { json: { username: "nobody.at.all" } }, invalidUser],
    ["an id in place of the username", { json: { username: JOHN_DOE } }, invalidUser],
    [
      "no username",
      { json: {} },
      {
        success: false,
        error: "must have required property 'username' [invalid-params]",
        errorType: "invalid-params",
      },
    ],
    [
      "a username that is not a string",
      { json: { username: 7 } },
      {
        success: false,
        error: "username must be string [invalid-params]",
        errorType: "invalid-params",
      },
    ],
    [
      "an additional property",
      { json: { username: "john.doe", role: "admin" } },
      {
        success: false,
        error: "must NOT have additional properties [invalid-params]",
        errorType: "invalid-params",
      },
    ],
    [
      "a body that is not an object",
      { json: ["john.doe"] },
      {
        success: false,
        error: "body must be object [invalid-params]",
        errorType: "invalid-params",
      },
    ],
  ])("adding with %s is refused", async (_name, asking, body) => {
    for (const type of ["agent", "manager"]) {
      const answer = await ask(writer, `livechat/users/${type}`, asking);
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.body).toEqual(body);
    }
  });

  it("adding with a body that is not JSON is refused", async () => {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`${gateway.url}/api/v1/livechat/users/agent`, {
      method: "POST",
      headers: { ...headers, "X-Auth-Token": writer.token, "X-User-Id": writer.userId },
      body: '{"username":',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ success: false, errorType: "invalid-params" });
  });

  it("adding a deactivated user is refused", async () => {
    const json = { username: "thomas.baker" };
    expect(await ask(writer, "livechat/users/agent", { json })).toMatchObject({
      status: 400,
      body: { errorType: "error-user-deactivated" },
    });
  });

  it("adding an agent again succeeds and changes nothing", async () => {
    const before = await ask(reader, `livechat/users/agent/${JOHN_DOE}`);
    const json = { username: "john.doe" };
    expect(await ask(writer, "livechat/users/agent", { json })).toMatchObject({ status: 200 });
    expect((await ask(reader, `livechat/users/agent/${JOHN_DOE}`)).body).toEqual(before.body);
  });

  it("adding an agent matches the username in any letter case", async () => {
    const json = { username: "JOHN.DOE" };
    const { body } = await ask(writer, "livechat/users/agent", { json });
    expect(body.user).toEqual({ _id: JOHN_DOE, username: "john.doe" });
  });
});

describe("reading one", () => {
  it("an unknown id is refused with the original's error", async () => {
    const answer = await ask(reader, `livechat/users/agent/${UNKNOWN_ID}`);
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body).toEqual({ success: false, error: "User not found" });
  });

  it("a known user without the role is returned as null", async () => {
    expect(await ask(reader, `livechat/users/manager/${JOHN_DOE}`)).toMatchObject({
      status: 200,
      text: '{"user":null,"success":true}',
    });
  });

  it.each(["103", "1", "24001", "1002", "VXNlcjoxMDM"])(
    "%s, an id of another system, is unknown here",
    async (id) => {
      const { body } = await ask(reader, `livechat/users/agent/${id}`);
      expect(body).toEqual({ success: false, error: "User not found" });
    },
  );
});

describe("removing", () => {
  it("an unknown id is refused with the original's error", async () => {
    const path = `livechat/users/agent/${UNKNOWN_ID}`;
    const answer = await ask(writer, path, { method: "DELETE" });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body).toEqual(invalidUser);
  });

  it.each([
    ["manager", "Manager not found [error-removing-user]"],
    ["agent", "Agent not found [error-removing-user]"],
  ])("removing a user that is no %s is refused", async (type, error) => {
    const username = type === "agent" ? "juan.box" : "john.doe";
    const { body: info } = await ask(reader, "users.info", { query: { username } });
    const path = `livechat/users/${type}/${(info.user as { _id: string })._id}`;
    const answer = await ask(writer, path, { method: "DELETE" });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body).toEqual({ success: false, error, errorType: "error-removing-user" });
  });
});

describe("without the permission", () => {
  const forbidden = {
    success: false,
    error: "User does not have the permissions required for this action [error-unauthorized]",
    errorType: "error-unauthorized",
  };
  it.each<[string, Ask]>([
    ["livechat/users/agent", {}],
    ["livechat/users/manager", {}],
    ["livechat/users/agent", { json: { username: "john.doe" } }],
    [`livechat/users/agent/${JOHN_DOE}`, {}],
    [`livechat/users/agent/${UNKNOWN_ID}`, {}],
    [`livechat/users/agent/${JOHN_DOE}`, { method: "DELETE" }],
    [`livechat/users/agent/${UNKNOWN_ID}`, { method: "DELETE" }],
  ])(
    "without the permission %s %j is refused with 403, whether or not the user exists",
    async (path, asking) => {
      const answer = await ask(powerless, path, asking);
      expect(answer).toMatchObject({ status: 403 });
      expect(answer.body).toEqual(forbidden);
    },
  );

  it("a caller with read permission cannot change livechat users", async () => {
    const json = { username: "juan.box" };
    expect(await ask(reader, "livechat/users/agent", { json })).toMatchObject({ status: 403 });
    const path = `livechat/users/agent/${JOHN_DOE}`;
    expect(await ask(reader, path, { method: "DELETE" })).toMatchObject({ status: 403 });
    expect((await ask(reader, path)).body.user).not.toBeNull();
  });

  it("a signed-in user may read themself", async () => {
    const { body } = await ask(powerless, `livechat/users/agent/${DOE_JOHN}`);
    expect(body.user).toMatchObject({ username: "doe.john" });
  });
});
