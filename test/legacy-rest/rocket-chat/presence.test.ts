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
  usernamesOf,
} from "./ask-rocket-chat.js";
import { letTimePass } from "./let-time-pass.js";

let gateway: TestGateway;
let reader: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  reader = await givenKeyOfNobody(gateway, "USER_READ");
});
afterAll(() => gateway.stop());

const get = (path: string, query: Record<string, string> = {}, as = reader) =>
  askRocketChat(gateway, path, { as, query });

const noSuchUser = {
  success: false,
  error:
    'The required "userId" or "username" param provided does not match any users [error-invalid-user]',
  errorType: "error-invalid-user",
};

describe.each(["users.getStatus", "users.getPresence"])("%s", (path) => {
  it.each([
    ["userId", { userId: DOE_JOHN }],
    ["username, in any case of letters", { username: "Doe.JOHN" }],
    ["user", { user: "doe.john" }],
    ["userId before username", { userId: DOE_JOHN, username: "john.doe" }],
  ])("the user can be named by %s", async (_name, query) => {
    const { status, body } = await get(path, query);
    expect(status).toBe(200);
    expect(body).toEqual(
      path === "users.getStatus"
        ? { _id: DOE_JOHN, status: "offline", message: "", success: true }
        : { presence: "offline", success: true },
    );
  });

  it("the own presence includes the connection", async () => {
    const john = await signIn(gateway, "john.doe");
    const { body } = await get(path, {}, john);
    expect(body).toEqual(
      path === "users.getStatus"
        ? {
            _id: JOHN_DOE,
            connectionStatus: "online",
            status: "online",
            message: "",
            success: true,
          }
        : { presence: "online", connectionStatus: "online", success: true },
    );
    expect((await get(path, { userId: JOHN_DOE }, john)).body).toEqual(body);
  });

  it("a user without USER_READ may read their own presence", async () => {
    const doe = await signIn(gateway, "doe.john");
    expect(await get(path, {}, doe)).toMatchObject({ status: 200 });
    expect(await get(path, { userId: DOE_JOHN }, doe)).toMatchObject({ status: 200 });
    expect(await get(path, { userId: JOHN_DOE }, doe)).toMatchObject({ status: 403 });
    expect(await get(path, { userId: UNKNOWN_ID }, doe)).toMatchObject({ status: 403 });
  });

  it.each<Record<string, string>>([{ userId: UNKNOWN_ID }, { username: "nobody.at.all" }])(
    "%j names no user",
    async (query) => {
      const { status, body } = await get(path, query);
      expect({ status, body }).toEqual({ status: 400, body: noSuchUser });
    },
  );
});

it.each([
  ["john.doe", { status: "online" }],
  ["fatima.zahra", { status: "away", statusSource: "manual" }],
  ["olga.smirnova", { status: "busy", statusSource: "manual" }],
  ["yael.cohen", { status: "offline", statusSource: "manual" }],
  ["kim.seoyeon", { status: "away", statusSource: "manual" }],
  [
    "tanaka.yuki",
    { status: "busy", statusSource: "external", statusExpiresAt: expect.any(String) as string },
  ],
  ["joao.conceicao", { status: "busy", statusSource: "internal" }],
  [
    "soren.kjaer",
    { status: "away", statusSource: "internal", statusExpiresAt: expect.any(String) as string },
  ],
])(
  "%s: the class of the status in effect, what decided it, and until when: %j",
  async (username, expected) => {
    const { body } = await get("users.getStatus", { username });
    const _id = expect.any(String) as string;
    expect(body).toEqual({ _id, message: "", success: true, ...expected });
  },
);

describe("users.presence", () => {
  const presenceOf = ({ body }: { body: Record<string, unknown> }, username: string) =>
    (body.users as { username: string }[]).find((user) => user.username === username);

  it("users.presence without a parameter returns every user that is not offline", async () => {
    const answer = await get("users.presence");
    expect(answer.body).toMatchObject({ full: true, success: true });
    expect(presenceOf(answer, "john.doe")).toEqual({
      _id: JOHN_DOE,
      name: "John Doe",
      username: "john.doe",
      status: "online",
      utcOffset: 0,
      statusText: "",
    });
    const statuses = (answer.body.users as { status: string }[]).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(["online", "away", "busy"]));
    const { body } = await get("users.list", { query: '{"status":{"$ne":"offline"}}', count: "0" });
    expect(statuses).toHaveLength(body.total as number);
  });

  it.each([
    ["with commas", `ids=${JOHN_DOE},${DOE_JOHN}`],
    ["repeated", `ids=${JOHN_DOE}&ids=${DOE_JOHN}`],
    ["with brackets", `ids[]=${JOHN_DOE}&ids[]=${DOE_JOHN}`],
    ["with unknown ones between", `ids=${UNKNOWN_ID},${DOE_JOHN},,%00,${JOHN_DOE}`],
  ])("users.presence with ids %s returns those users, also when offline", async (_name, search) => {
    const answer = await get(`users.presence?${search}`);
    expect(usernamesOf(answer)).toEqual(["doe.john", "john.doe"]);
    expect(presenceOf(answer, "doe.john")).toMatchObject({ status: "offline" });
    expect(answer.body.full).toBe(false);
  });

  it("users.presence with unknown ids returns an empty list", async () => {
    const { body } = await get("users.presence", { ids: UNKNOWN_ID });
    expect(body).toEqual({ users: [], full: false, success: true });
  });

  it("users.presence with from returns users that changed since, also to offline", async () => {
    const { user, secret } = await givenSignedIn(gateway);
    const self = { token: secret, userId: user.rocketChatId };
    const clock = async () => {
      const [{ now }] = await gateway.dataSource.query<[{ now: Date }]>(`SELECT now() AS now`);
      return now.toISOString();
    };
    const set = (status: string) =>
      askRocketChat(gateway, "users.setStatus", { as: self, json: { status } });

    await set("busy");
    const from = await clock();
    expect(usernamesOf(await get("users.presence", { from }))).not.toContain(user.username);
    await set("offline");
    const changed = await get("users.presence", { from });
    expect(presenceOf(changed, user.username)).toMatchObject({ status: "offline" });
    expect(changed.body.full).toBe(false);
  });

  it("users.presence with from returns users whose status expired since", async () => {
    const as = await givenKeyOfNobody(gateway, "USER_READ", "USER_CUD");
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const expiresAt = minutesAgo(-60);
    const json = { userId: DOE_JOHN, status: "busy", expiresAt };
    expect(await askRocketChat(gateway, "users.setStatus", { as, json })).toMatchObject({
      status: 200,
    });
    await letTimePass(gateway, DOE_JOHN, 2);

    const changed = await get("users.presence", { from: minutesAgo(90) });
    expect(presenceOf(changed, "doe.john")).toMatchObject({ status: "offline" });
    const later = await get("users.presence", { from: minutesAgo(30) });
    expect(presenceOf(later, "doe.john")).toBeUndefined();
  });

  it.each([
    "2019-05-22T12:11:45.392Z",
    "2019-05-22T12:11",
    "2019-05-22",
    "2019-05-22T12:11:45+02:00",
  ])("users.presence accepts from %s", async (from) => {
    const { body } = await get("users.presence", { from });
    expect(usernamesOf({ body } as never)).toContain("john.doe");
  });

  it.each(["yesterday", "1558527105392", "2019-13-01"])(
    "users.presence refuses from %s",
    async (from) => {
      expect(await get("users.presence", { from })).toMatchObject({
        status: 400,
        body: { error: "from must be an ISO 8601 time [invalid-params]" },
      });
    },
  );

  it("the list needs USER_READ", async () => {
    const doe = await signIn(gateway, "doe.john");
    expect(await get("users.presence", { ids: DOE_JOHN }, doe)).toMatchObject({ status: 403 });
  });
});
