import { toGlobalId } from "../../src/domain/global-id.js";
import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenSignedIn, givenUser, uniqueName } from "../support/given.js";
import { statusTransportOf, statusTransportNames } from "./transports.js";
import { granted, mutate } from "./graphql-client-calls.js";
import { storedPresence } from "./stored-presence.js";

const OFFLINE = 4;
const PAUSE = 5;

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway({ LOG_LEVEL: "silent" });
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface StoredEvent {
  readonly topic: string;
  readonly payload: Record<string, unknown>;
}

const eventsOf = (subject: string): Promise<StoredEvent[]> =>
  gateway.dataSource.query<StoredEvent[]>(
    `SELECT topic, payload FROM events WHERE subject = $1 ORDER BY id`,
    [subject],
  );

const change = async (mutation: string, { globalId }: User, input: object = {}) =>
  granted(await mutate(gateway, admin, mutation, { user: { id: globalId }, ...input }));

it.each(statusTransportNames)(
  "%s: a status change is published with the status before",
  async (name) => {
    const user = await givenUser(gateway);
    const transport = statusTransportOf(name, gateway, admin);
    await transport.setStatus(user, PAUSE);
    const [{ at }]: [{ at: Date }] = await gateway.dataSource.query(
      `SELECT since AS at FROM presences WHERE user_id = $1`,
      [user.id],
    );
    expect(await eventsOf(user.globalId)).toContainEqual({
      topic: "presenceChanged",
      payload: {
        at: at.toISOString(),
        from: OFFLINE,
        to: PAUSE,
        online: [false, false],
        locked: [false, false],
        cause: "setStatus",
      },
    });
  },
);

it.each([
  ["updateUser", { firstname: "Ana" }, "userChanged"],
  ["deactivateUser", {}, "userChanged"],
  ["registerAgent", { role: "MANAGER" }, "userChanged"],
  ["removeAgent", { role: "AGENT" }, "userChanged"],
  ["setAgentAvailability", { availability: "NOT_AVAILABLE" }, "userChanged"],
  ["addUserStatistic", { statistic: "CALLS" }, "userChanged"],
  ["updateUserSettings", { maxChats: 9 }, "settingsChanged"],
  ["setStatus", { statusId: PAUSE }, "presenceChanged"],
  ["lockStatus", { statusId: PAUSE }, "presenceChanged"],
  ["heartbeat", {}, "presenceChanged"],
] as const)("%s is published once", async (mutation, input, topic) => {
  const user = await givenAgent(gateway);
  const before = await eventsOf(user.globalId);
  await change(mutation, user, input);
  const added = (await eventsOf(user.globalId)).slice(before.length);
  expect(added.filter((event) => event.topic === topic)).toHaveLength(1);
});

it("a new user is published, with an activation mail when requested", async () => {
  const create = async (input: object) => {
    const answer = await mutate(gateway, admin, "createUser", input, "user { id }");
    const events = await eventsOf(granted<{ user: { id: string } }>(answer).user.id);
    return events.map(({ topic }) => topic);
  };
  const email = `${uniqueName()}@example.org`;
  expect(await create({ username: uniqueName() })).toEqual(["userChanged"]);
  expect(await create({ username: uniqueName(), email, sendActivationMail: true })).toEqual([
    "userChanged",
    "activationMailRequested",
  ]);
});

it("the refresh of a tab is published under the tab's name", async () => {
  await mutate(gateway, admin, "refreshTab", { tabId: "tab_1" });
  expect(await eventsOf("tab_1")).toMatchObject([{ topic: "tabRefreshed" }]);
});

const ended = async (subject: string) =>
  (await eventsOf(subject)).flatMap(({ topic, payload }) =>
    topic === "credentialEnded" ? [payload] : [],
  );

it.each([
  ["deactivateUser", {}, "EVERYTHING"],
  ["updateUser", { active: false, permissions: ["USER_CUD"] }, "EVERYTHING"],
  ["updateUser", { password: "another one for the same person" }, "SESSIONS"],
  ["updateUser", { permissions: ["USER_READ"] }, "SESSIONS"],
] as const)(
  "%s %j publishes which of the user's credentials end",
  async (mutation, input, which) => {
    const user = await givenUser(gateway);
    await change(mutation, user, input);
    expect(await ended(user.globalId)).toEqual([{ reason: mutation, ended: which }]);
  },
);

it("a revoked key and a signed-out session are published once each", async () => {
  const user = await givenUser(gateway);
  await change("updateUser", user, { firstname: "Ana" });
  expect(await ended(user.globalId)).toEqual([]);

  const input = { name: "short-lived", permissions: ["USER_READ"] };
  const made = await mutate(gateway, admin, "createApiKey", input, "apiKey { id }");
  const { id } = granted<{ apiKey: { id: string } }>(made).apiKey;
  for (let time = 1; time <= 2; time += 1) {
    granted(await mutate(gateway, admin, "revokeApiKey", { id }, "apiKey { id }"));
  }
  expect(await ended(id)).toEqual([{ reason: "revokeApiKey" }]);

  const { secret } = await givenSignedIn(gateway);
  const [{ sessionId }] = await gateway.dataSource.query<[{ sessionId: number }]>(
    `SELECT max(id) AS "sessionId" FROM login_sessions`,
  );
  await gateway.ask(secret, `mutation { logout { ok } }`);
  expect(await ended(toGlobalId("LoginSession", sessionId))).toEqual([{ reason: "logout" }]);
});

it("change, history, audit record and event share one transaction", async () => {
  const user = await givenUser(gateway);
  await change("setStatus", user, { statusId: PAUSE });
  const transactions = await gateway.dataSource.query<{ xmin: string }[]>(
    `SELECT xmin::text FROM presences WHERE user_id = $1
     UNION SELECT xmin::text FROM presence_claims WHERE user_id = $1
     UNION SELECT xmin::text FROM status_changes WHERE user_id = $1
     UNION SELECT xmin::text FROM audit_records WHERE target_id = $2 AND action = 'setStatus'
     UNION SELECT xmin::text FROM events WHERE subject = $2 AND topic = 'presenceChanged'`,
    [user.id, user.globalId],
  );
  expect(transactions).toHaveLength(1);
});

it("a change whose event cannot be written is rolled back", async () => {
  const user = await givenUser(gateway);
  const before = await storedPresence(gateway, user);
  await gateway.dataSource.query(
    `CREATE FUNCTION refuse_event() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'the disk of the events is full'; END $$`,
  );
  await gateway.dataSource.query(
    `CREATE TRIGGER refuse_event BEFORE INSERT ON events EXECUTE FUNCTION refuse_event()`,
  );
  const input = { user: { id: user.globalId }, statusId: PAUSE };
  const { data, errors } = await mutate(gateway, admin, "setStatus", input);
  await gateway.dataSource.query(`DROP TRIGGER refuse_event ON events`);
  expect(data).toBeNull();
  expect(errors?.[0]).toMatchObject({
    message: "Internal server error",
    extensions: { code: "INTERNAL_SERVER_ERROR" },
  });
  expect(await storedPresence(gateway, user)).toEqual(before);
});

it("a refused change publishes nothing", async () => {
  const user = await givenUser(gateway);
  const before = await eventsOf(user.globalId);
  await mutate(gateway, admin, "setStatus", { user: { id: user.globalId }, statusId: 99 });
  await mutate(gateway, admin, "updateUser", { user: { id: user.globalId }, expectedVersion: 7 });
  expect(await eventsOf(user.globalId)).toEqual(before);
});
