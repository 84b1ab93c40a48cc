import { createHash } from "node:crypto";
import { DEMO_PASSWORD } from "../../../src/demo/users.js";
import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { givenUser } from "../../support/given.js";
import {
  askRocketChat,
  givenKeyOfNobody,
  JOHN_DOE,
  type RocketChatAnswer,
  signIn,
} from "./ask-rocket-chat.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
});
afterAll(() => gateway.stop());

const login = (json: unknown): Promise<RocketChatAnswer> =>
  askRocketChat(gateway, "login", { as: null, json });

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const digest = { digest: sha256(DEMO_PASSWORD), algorithm: "sha-256" };

const me = {
  _id: JOHN_DOE,
  name: "John Doe",
  emails: [{ address: "john.doe@example.com", verified: true }],
  status: "online",
  statusConnection: "online",
  username: "john.doe",
  utcOffset: 0,
  active: true,
  roles: ["user", "livechat-agent"],
  language: "en",
  email: "john.doe@example.com",
  settings: { preferences: {} },
  avatarUrl: "",
};

describe("signing in", () => {
  it.each([
    ["user, a username", { user: "john.doe", password: DEMO_PASSWORD }],
    ["user, an e-mail address", { user: "john.doe@example.com", password: DEMO_PASSWORD }],
    ["username", { username: "john.doe", password: DEMO_PASSWORD }],
    ["email", { email: "john.doe@example.com", password: DEMO_PASSWORD }],
    ["user, in another case of letters", { user: "John.Doe", password: DEMO_PASSWORD }],
    ["user, an object", { user: { username: "john.doe" }, password: DEMO_PASSWORD }],
    ["the digest of the password", { user: "john.doe", password: digest }],
    [
      "the digest in large letters",
      { user: "john.doe", password: { ...digest, digest: digest.digest.toUpperCase() } },
    ],
    [
      "a code and further keys beside",
      { user: "john.doe", password: DEMO_PASSWORD, code: "1", x: 1 },
    ],
  ])("login by %s succeeds", async (_name, json) => {
    const { status, body } = await login(json);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "success",
      data: { userId: JOHN_DOE, authToken: expect.stringMatching(/^\S{40,}$/) as unknown, me },
      success: true,
    });
  });

  it("login by a form succeeds", async () => {
    const form = { user: "john.doe", password: DEMO_PASSWORD };
    const { body } = await askRocketChat(gateway, "login", { as: null, form });
    expect(body).toMatchObject({ status: "success", data: { userId: JOHN_DOE } });
  });

  it("login with an earlier token returns the same token", async () => {
    const { token } = await signIn(gateway, "john.doe");
    const { status, body } = await login({ resume: token });
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "success",
      data: { userId: JOHN_DOE, authToken: token, me },
      success: true,
    });
  });

  it("login returns `email` only when it is verified", async () => {
    const { body } = await login({ user: "tereza.novakova", password: DEMO_PASSWORD });
    const { me: tereza } = body.data as { me: object };
    expect(tereza).toMatchObject({ emails: [{ verified: false }], status: "offline" });
    expect(tereza).not.toHaveProperty("email");
  });

  it("a password set by GraphQL can be sent as its digest", async () => {
    const admin = await gateway.givenKey("ADMIN");
    const { username, globalId } = await givenUser(gateway);
    await gateway.ask(
      admin,
      `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`,
      { input: { user: { id: globalId }, password: "Grüße an alle" } },
    );
    const password = { digest: sha256("Grüße an alle"), algorithm: "sha-256" };
    expect(await login({ user: username, password })).toMatchObject({ status: 200 });
    expect(await login({ user: username, password: "Grüße an alle" })).toMatchObject({
      status: 200,
    });
  });
});

describe("refusing to sign in", () => {
  const unauthorized = {
    status: "error",
    error: "Unauthorized",
    message: "Unauthorized",
    success: false,
  };
  it.each<[string, object]>([
    ["an unknown user", { user: "nobody.at.all", password: DEMO_PASSWORD }],
    ["a wrong password", { user: "john.doe", password: "wrong" }],
    ["an empty password", { user: "john.doe", password: "" }],
    [
      "the digest of another password",
      { user: "john.doe", password: { ...digest, digest: sha256("wrong") } },
    ],
    // The stored hash is computed from the digest; the digest itself must not be accepted as the password.
    ["the digest sent as the password", { user: "john.doe", password: digest.digest }],
    ["a user without a password", { user: "jack.smith", password: DEMO_PASSWORD }],
    ["a deactivated user", { user: "thomas.baker", password: DEMO_PASSWORD }],
    ["an unknown token", { resume: "wrong" }],
  ])("a refused login has the same error text: %s", async (_name, json) => {
    const answer = await login(json);
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.body).toEqual(unauthorized);
  });

  it.each<[string, unknown, string]>([
    ["nothing", {}, "must have required property 'user'"],
    ["only a password", { password: "x" }, "must have required property 'user'"],
    ["only a user", { user: "john.doe" }, "must have required property 'password'"],
    [
      "a user that is no text",
      { user: 7, password: "x" },
      "user must be a username or an e-mail address",
    ],
    ["no object", [], "body must be object"],
    [
      "another algorithm",
      { user: "john.doe", password: { digest: "x", algorithm: "md5" } },
      'password must be text, or {"digest":"…","algorithm":"sha-256"}',
    ],
  ])("an incomplete login names what is missing: %s", async (_name, json, words) => {
    const { status, body } = await login(json);
    expect(status).toBe(400);
    expect(body).toEqual({
      success: false,
      error: `${words} [invalid-params]`,
      errorType: "invalid-params",
    });
  });
});

describe("signing out", () => {
  it.each(["GET", "POST"])("logout by %s ends the token sent and no other", async (method) => {
    const [left, kept] = await Promise.all([
      signIn(gateway, "john.doe"),
      signIn(gateway, "john.doe"),
    ]);
    const answer = await askRocketChat(gateway, "logout", { as: left, method });
    expect(answer).toMatchObject({
      status: 200,
      text: `{"status":"success","data":{"message":"You've been logged out!"}}`,
    });
    expect(await askRocketChat(gateway, "me", { as: left })).toMatchObject({ status: 401 });
    expect(await login({ resume: left.token })).toMatchObject({ status: 401 });
    expect(await askRocketChat(gateway, "me", { as: kept })).toMatchObject({ status: 200 });
  });

  it("logout is refused for an API key", async () => {
    const key = await givenKeyOfNobody(gateway, "USER_READ");
    const answer = await askRocketChat(gateway, "logout", { as: key, method: "POST" });
    expect(answer).toMatchObject({ status: 400, body: { success: false } });
    expect(answer.body.error).toMatch(/revoke it instead/);
    expect(await askRocketChat(gateway, "users.list", { as: key })).toMatchObject({ status: 200 });
  });
});

it("me returns the signed-in user at the top level", async () => {
  const { body } = await askRocketChat(gateway, "me", { as: await signIn(gateway, "john.doe") });
  expect(body).toEqual({ ...me, success: true });
});

it("roles name agents, managers and administrators", async () => {
  const rolesOf = async (user: string) => {
    const { body } = await login({ user, password: DEMO_PASSWORD });
    return (body.data as { me: { roles: string[] } }).me.roles;
  };
  expect(await rolesOf("ines.moreau")).toEqual(["user", "admin"]);
  expect(await rolesOf("rafael.ortiz-vega")).toEqual([
    "user",
    "livechat-agent",
    "livechat-manager",
  ]);
});
