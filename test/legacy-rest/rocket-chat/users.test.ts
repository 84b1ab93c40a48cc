import { demoUsers } from "../../../src/demo/users.js";
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
  usernamesOf,
} from "./ask-rocket-chat.js";

let gateway: TestGateway;
let reader: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  reader = await givenKeyOfNobody(gateway, "USER_READ");
});
afterAll(() => gateway.stop());

const get = (path: string, query: Record<string, string> = {}) =>
  askRocketChat(gateway, path, { as: reader, query });
const list = (query: Record<string, string> = {}) => get("users.list", query);

describe("users.info", () => {
  it.each<Record<string, string>>([
    { userId: JOHN_DOE },
    { username: "john.doe" },
    { username: "JOHN.DOE" },
    { email: "John.Doe@example.com" },
    { userId: JOHN_DOE, username: "doe.john" },
  ])("users.info finds the user by %j", async (query) => {
    const { status, body } = await get("users.info", query);
    expect(status).toBe(200);
    expect(body).toEqual({
      user: {
        _id: JOHN_DOE,
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
        username: "john.doe",
        emails: [{ address: "john.doe@example.com", verified: true }],
        type: "user",
        status: "online",
        active: true,
        roles: ["user", "livechat-agent"],
        name: "John Doe",
        statusConnection: "online",
        utcOffset: 0,
        statusText: "",
      },
      success: true,
    });
  });

  it.each<Record<string, string>>([
    { userId: UNKNOWN_ID },
    { username: "nobody.at.all" },
    { email: "nobody@example.com" },
    { importId: JOHN_DOE },
    { userId: "103" },
  ])("users.info finds no user by %j", async (query) => {
    const answer = await get("users.info", query);
    expect(answer).toMatchObject({
      status: 400,
      text: '{"success":false,"error":"User not found."}',
    });
  });

  it("users.info without a user is refused with the original's error text", async () => {
    const { status, body } = await get("users.info");
    expect(status).toBe(400);
    expect(body).toEqual({
      success: false,
      error:
        "must have required property 'userId'\n must have required property 'username'\n must have required property 'importId'\n must match a schema in anyOf [invalid-params]",
      errorType: "invalid-params",
    });
  });

  it("a user without USER_READ may read themself by users.info", async () => {
    const as = await signIn(gateway, "doe.john");
    const asking = (userId: string) =>
      askRocketChat(gateway, "users.info", { as, query: { userId } });
    expect(await asking(DOE_JOHN)).toMatchObject({ status: 200 });
    expect(await asking(JOHN_DOE)).toMatchObject({ status: 403 });
    expect(await asking(UNKNOWN_ID)).toMatchObject({ status: 403 });
  });

  it("users.info marks deactivated users, and a user without a name has the username as name", async () => {
    const { body: thomas } = await get("users.info", { username: "thomas.baker" });
    expect(thomas.user).toMatchObject({ active: false, status: "offline" });
    const { body: desk } = await get("users.info", { username: "reception.desk" });
    expect(desk.user).toMatchObject({ name: "reception.desk" });
  });
});

describe("users.list", () => {
  it("users.list returns every user's common properties, by username", async () => {
    const { body } = await list({ count: "0" });
    expect(body).toMatchObject({ count: demoUsers.length, offset: 0, total: demoUsers.length });
    const users = body.users as { username: string }[];
    expect(users.map(({ username }) => username)).toEqual(
      demoUsers.map(({ username }) => username).sort(),
    );
    expect(users.find(({ username }) => username === "john.doe")).toEqual({
      _id: JOHN_DOE,
      username: "john.doe",
      emails: [{ address: "john.doe@example.com", verified: true }],
      type: "user",
      status: "online",
      active: true,
      roles: ["user", "livechat-agent"],
      name: "John Doe",
    });
  });

  it("users.list returns 50 users by default, at most 100, or all with count 0", async () => {
    expect((await list()).body).toMatchObject({ count: 50, total: 62 });
    expect((await list({ count: "10", offset: "60" })).body).toMatchObject({
      count: 2,
      offset: 60,
    });
  });

  it("users.list silently limits count to 100, and count 0 returns every user", async () => {
    await gateway.dataSource.query(
      `WITH added AS (
         INSERT INTO users (username, rocket_chat_id, jtel_uid)
         SELECT 'z' || n, lpad(n::text, 17, '0'), 'z' || n FROM generate_series(1, 1200) n RETURNING id),
       shown AS (INSERT INTO presences (user_id, status_id, source) SELECT id, 4, 'CONNECTION' FROM added)
       INSERT INTO user_settings (user_id) SELECT id FROM added`,
    );
    expect((await list({ count: "1000" })).body).toMatchObject({ count: 100, total: 1262 });
    const everybody = await list({ count: "0" });
    expect(everybody.body).toMatchObject({ count: 1262, total: 1262 });
    const rest = await list({ count: "0", offset: "1010" });
    expect(rest.body).toMatchObject({ count: 252, offset: 1010, total: 1262 });
    expect(usernamesOf(rest)).toEqual(usernamesOf(everybody).slice(1010));
    await gateway.dataSource.query(`DELETE FROM users WHERE username ~ '^z[0-9]+$'`);
  });

  it.each([
    [
      '{"createdAt":-1}',
      demoUsers
        .map(({ username }) => username)
        .reverse()
        .slice(0, 3),
    ],
    ['{"createdAt":1}', ["ines.moreau", "margaret.okafor", "john.doe"]],
    ['{"username":-1}', ["zaneta.wisniewska", "yael.cohen", "wanjiku.kamau"]],
    ['{"status":1}', ["thomas.baker", "ursula.keller"]],
  ])("users.list sorts by %s", async (sort, first) => {
    const usernames = usernamesOf(await list({ sort }));
    expect(usernames.slice(0, first.length)).toEqual(first);
  });

  it("the list needs USER_READ", async () => {
    const as = await signIn(gateway, "doe.john");
    expect(await askRocketChat(gateway, "users.list", { as })).toMatchObject({ status: 403 });
  });

  it("users.list ignores an unknown parameter", async () => {
    expect((await list({ unknown: "x" })).body.total).toBe(62);
  });
});

describe("fields of users.list", () => {
  it.each([
    ['{"username":1}', ["_id", "username"]],
    ['{"_id":1}', ["_id"]],
    ['{"_id":0,"username":1,"name":1}', ["username", "name"]],
    ['{"name":1,"username":1,"status":1,"type":1}', ["_id", "username", "type", "status", "name"]],
    ['{"emails.address":1}', ["_id", "emails"]],
    ['{"nobody.has.this":1}', ["_id"]],
    [
      '{"emails":0,"createdAt":0,"utcOffset":0,"statusText":0,"statusConnection":0}',
      ["_id", "username", "type", "status", "active", "roles", "name"],
    ],
  ])("users.list with fields %s returns only these properties", async (fields, properties) => {
    const { body } = await list({ fields, query: '{"username":"john.doe"}' });
    const [user] = body.users as object[];
    expect(Object.keys(user ?? {})).toEqual(properties);
  });

  it.each(["{", '{"username":2}', '{"username":true}', "[1]", '"username"'])(
    "users.list with fields %s is refused with the original's error text",
    async (fields) => {
      expect(await list({ fields })).toMatchObject({
        status: 400,
        body: {
          error: `Invalid fields parameter provided: "${fields}" [error-invalid-fields]`,
          errorType: "error-invalid-fields",
          details: { helperMethod: "parseJsonQuery" },
        },
      });
    },
  );
});

describe("query of users.list", () => {
  const statusesOf = async (query: string) => {
    const { body } = await list({ query, count: "0" });
    return new Set((body.users as { status: string }[]).map(({ status }) => status));
  };

  it.each([
    ['{"status":{"$ne":"offline"}}', ["online", "away", "busy"]],
    ['{"status":"busy"}', ["busy"]],
    ['{"status":{"$eq":"away"}}', ["away"]],
    ['{"status":{"$in":["away","busy"]}}', ["away", "busy"]],
    ['{"status":{"$nin":["away","busy","online"]}}', ["offline"]],
    ['{"status":{"$in":[]}}', []],
    ["{}", ["online", "away", "busy", "offline"]],
  ])("users.list with query %s returns users of these statuses", async (query, statuses) => {
    expect(await statusesOf(query)).toEqual(new Set(statuses));
  });

  it.each([
    [{ query: `{"_id":"${JOHN_DOE}"}` }, ["john.doe"]],
    [{ query: `{"_id":{"$in":["${JOHN_DOE}","${DOE_JOHN}"]}}` }, ["doe.john", "john.doe"]],
    [{ query: '{"username":"John.Doe"}' }, ["john.doe"]],
    [{ query: '{"emails.address":"john.doe@example.com"}' }, ["john.doe"]],
    [{ query: '{"active":false}' }, ["thomas.baker", "ursula.keller"]],
    [{ query: '{"username":"john.doe","status":"offline"}' }, []],
    [{ query: '{"username":"\\u0000"}' }, []],
    [{ email: "JOHN.DOE@example.com" }, ["john.doe"]],
    [{ email: "john.doe@example" }, []],
  ])("users.list with %j returns the matching users", async (query, usernames) => {
    const answer = await list(query);
    expect(usernamesOf(answer)).toEqual(usernames);
    expect(answer.body.total).toBe(usernames.length);
  });

  it.each([
    "{",
    "[]",
    '{"name":{"$regex":"doe"}}',
    '{"$or":[{"status":"busy"}]}',
    '{"status":{"$gt":""}}',
    '{"status":{"$ne":"offline","$in":["busy"]}}',
    '{"status":"invisible"}',
    '{"services.password":{"$exists":true}}',
    '{"username":{"$ne":null}}',
  ])("an unsupported query %s is refused, not ignored", async (query) => {
    expect(await list({ query })).toMatchObject({
      status: 400,
      body: {
        success: false,
        error: `Invalid query parameter provided: "${query}" [error-invalid-query]`,
        errorType: "error-invalid-query",
        details: { helperMethod: "parseJsonQuery" },
      },
    });
  });
});
