import { system } from "../../../src/domain/actor.js";
import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import {
  askRocketChat,
  DOE_JOHN,
  givenKeyOfNobody,
  JOHN_DOE,
  type RocketChatUser,
  signIn,
  UNKNOWN_ID,
} from "./ask-rocket-chat.js";

let gateway: TestGateway;
let john: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  john = await signIn(gateway, "john.doe");
});
afterAll(() => gateway.stop());

const LOGGED_OUT = {
  status: "error",
  message: "You must be logged in to do this.",
  success: false,
  error: "You must be logged in to do this.",
};

/** Creates an API key that belongs to a user of the demo. */
async function givenKeyOf(username: string): Promise<string> {
  const { secret } = await gateway.services.apiKeys.create(system("given"), {
    name: `key of ${username}`,
    permissions: ["USER_READ"],
    owner: { username },
  });
  return secret;
}

describe("invalid credentials", () => {
  it.each<[string, () => Record<string, string>]>([
    ["no header", () => ({})],
    ["only the token", () => ({ "X-Auth-Token": john.token })],
    ["only the id", () => ({ "X-User-Id": john.userId })],
    ["an empty id", () => ({ "X-Auth-Token": john.token, "X-User-Id": "" })],
    ["an empty token", () => ({ "X-Auth-Token": "", "X-User-Id": john.userId })],
    ["an unknown token", () => ({ "X-Auth-Token": "wrong", "X-User-Id": john.userId })],
    ["another user's id", () => ({ "X-Auth-Token": john.token, "X-User-Id": DOE_JOHN })],
    ["an unknown id", () => ({ "X-Auth-Token": john.token, "X-User-Id": UNKNOWN_ID })],
    ["the token as a bearer token", () => ({ Authorization: `Bearer ${john.token}` })],
  ])(
    "a request with %s is refused with the error texts of all versions",
    async (_name, headers) => {
      const answer = await askRocketChat(gateway, "me", { as: null, headers: headers() });
      expect(answer).toMatchObject({ status: 401 });
      expect(answer.body).toEqual(LOGGED_OUT);
    },
  );

  it("another user's API key is refused", async () => {
    const token = await givenKeyOf("doe.john");
    const { status, body } = await askRocketChat(gateway, "me", {
      as: { token, userId: JOHN_DOE },
    });
    expect({ status, body }).toEqual({ status: 401, body: LOGGED_OUT });
  });

  it("an API key without an owner and without a user id is refused", async () => {
    const { token } = await givenKeyOfNobody(gateway, "ADMIN");
    const headers = { "X-Auth-Token": token };
    expect(await askRocketChat(gateway, "users.list", { as: null, headers })).toMatchObject({
      status: 401,
    });
  });

  it("a bad credential is refused before the rest of the request is read", async () => {
    const json = { nonsense: true };
    const added = await askRocketChat(gateway, "livechat/users/agent", { as: null, json });
    expect(added.status).toBe(401);
    const query = { sort: "{" };
    expect(await askRocketChat(gateway, "users.list", { as: null, query })).toMatchObject({
      status: 401,
    });
  });
});

describe("valid credentials", () => {
  it("a login token with its user's id is accepted", async () => {
    const { body } = await askRocketChat(gateway, "me", { as: john });
    expect(body).toMatchObject({ _id: JOHN_DOE, success: true });
  });

  it("an API key with its owner's id is accepted", async () => {
    const token = await givenKeyOf("doe.john");
    const { body } = await askRocketChat(gateway, "me", { as: { token, userId: DOE_JOHN } });
    expect(body).toMatchObject({ _id: DOE_JOHN, username: "doe.john" });
  });

  it.each([UNKNOWN_ID, JOHN_DOE])(
    "an API key without an owner is accepted with %s as user id",
    async (userId) => {
      const { token } = await givenKeyOfNobody(gateway, "USER_READ");
      const asking = { as: { token, userId } };
      expect(await askRocketChat(gateway, "users.list", asking)).toMatchObject({ status: 200 });
    },
  );

  it("a key without an owner that asks for its own user is refused with the missing field", async () => {
    const asking = { as: await givenKeyOfNobody(gateway, "ADMIN") };
    for (const path of ["me", "users.getStatus", "users.getPresence"]) {
      const answer = await askRocketChat(gateway, path, asking);
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.body).toEqual({
        success: false,
        error:
          'The required "userId" or "username" param was not provided [error-user-param-not-provided]',
        errorType: "error-user-param-not-provided",
      });
    }
  });
});

describe("every reply", () => {
  it.each<[string, string, number]>([
    ["a success", "me", 200],
    ["a refusal", "livechat/users/visitor", 400],
    ["an unknown path", "channels.list", 404],
  ])("the response of %s is JSON and not cacheable", async (_name, path, status) => {
    const answer = await askRocketChat(gateway, path, { as: john });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("pragma")).toBe("no-cache");
  });

  it.each(["channels.list", "", "livechat", "livechat/users", "livechat/users/agent/a/b"])(
    "an unknown path is reported: /%s",
    async (path) => {
      const answer = await askRocketChat(gateway, path, { as: null });
      expect(answer).toMatchObject({
        status: 404,
        text: '{"success":false,"error":"Resource not found"}',
      });
    },
  );

  it.each([
    ["PUT", "livechat/users/agent", "GET, POST"],
    ["POST", `livechat/users/agent/${JOHN_DOE}`, "GET, DELETE"],
    ["GET", "login", "POST"],
    ["DELETE", "logout", "POST, GET"],
    ["POST", "users.list", "GET"],
    ["OPTIONS", "me", "GET"],
  ])("%s %s is refused with 405 and allows %s", async (method, path, allow) => {
    const answer = await askRocketChat(gateway, path, { as: null, method });
    expect(answer).toMatchObject({
      status: 405,
      text: '{"status":"error","message":"API endpoint does not exist"}',
    });
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it("a trailing slash is accepted", async () => {
    expect(await askRocketChat(gateway, "me/", { as: john })).toMatchObject({ status: 200 });
  });

  it("a GET with a JSON content type and no body is answered", async () => {
    const headers = { "Content-Type": "application/json" };
    expect(await askRocketChat(gateway, "me", { as: john, headers })).toMatchObject({
      status: 200,
    });
  });
});
