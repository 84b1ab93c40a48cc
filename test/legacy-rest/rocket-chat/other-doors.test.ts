import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import {
  askRocketChat,
  DOE_JOHN,
  JOHN_DOE,
  type RocketChatUser,
  signIn,
} from "./ask-rocket-chat.js";

/** A change over Rocket.Chat's API is visible at every door immediately, and the other way round. */

let gateway: TestGateway;
let admin: string;
let john: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  admin = await gateway.givenKey("ADMIN");
  john = await signIn(gateway, "john.doe");
});
afterAll(() => gateway.stop());

interface Seen {
  readonly id: string;
  readonly agent: { readonly availability: string } | null;
  readonly livechatRoles: readonly string[];
  readonly presence: { readonly status: { readonly class: string } };
}

async function seenByGraphQL(rocketChatId: string): Promise<Seen> {
  const { data } = await gateway.ask(
    admin,
    `query ($by: UserBy!) {
       user(by: $by) { id agent { availability } livechatRoles presence { status { class } } }
     }`,
    { by: { external: { system: "ROCKET_CHAT", id: rocketChatId } } },
  );
  return data?.user as Seen;
}

/** The newest audit record about a user. */
async function auditOf(targetId: string): Promise<Record<string, unknown>> {
  const { data } = await gateway.ask(
    admin,
    `query ($filter: AuditFilter) {
       auditRecords(first: 1, filter: $filter) { nodes { action actor actorKind door before after } }
     }`,
    { filter: { targetId } },
  );
  const { nodes } = data?.auditRecords as { nodes: Record<string, unknown>[] };
  return nodes[0] ?? {};
}

const byJohn = { actor: "john.doe", actorKind: "SESSION", door: "ROCKET_CHAT" };

it("a Rocket.Chat login is audited", async () => {
  const { id } = await seenByGraphQL(DOE_JOHN);
  const doe = await signIn(gateway, "doe.john");
  const by = { actor: "doe.john", actorKind: "SESSION", door: "ROCKET_CHAT" };
  expect(await auditOf(id)).toMatchObject({ ...by, action: "login" });
  await askRocketChat(gateway, "logout", { as: doe, method: "POST" });
  expect(await auditOf(id)).toMatchObject({ ...by, action: "logout" });
});

it("removing and adding an agent is visible in GraphQL and audited", async () => {
  const path = `livechat/users/agent/${DOE_JOHN}`;
  await askRocketChat(gateway, path, { as: john, method: "DELETE" });
  const without = await seenByGraphQL(DOE_JOHN);
  expect(without).toMatchObject({ agent: null, livechatRoles: [] });
  expect(await auditOf(without.id)).toEqual({
    ...byJohn,
    action: "removeAgent",
    before: { role: "AGENT" },
    after: null,
  });

  const json = { username: "doe.john" };
  await askRocketChat(gateway, "livechat/users/agent", { as: john, json });
  const again = await seenByGraphQL(DOE_JOHN);
  expect(again).toMatchObject({ agent: { availability: "AVAILABLE" }, livechatRoles: ["AGENT"] });
  expect(await auditOf(again.id)).toEqual({
    ...byJohn,
    action: "registerAgent",
    before: null,
    after: { role: "AGENT" },
  });
});

it("a new livechat status is visible in GraphQL and audited", async () => {
  const json = { status: "not-available", agentId: DOE_JOHN };
  await askRocketChat(gateway, "livechat/agent.status", { as: john, json });
  const seen = await seenByGraphQL(DOE_JOHN);
  expect(seen.agent).toEqual({ availability: "NOT_AVAILABLE" });
  expect(await auditOf(seen.id)).toEqual({
    ...byJohn,
    action: "setAgentAvailability",
    before: { availability: "AVAILABLE" },
    after: { availability: "NOT_AVAILABLE" },
  });
});

it("a new status is visible in GraphQL, audited and published", async () => {
  await askRocketChat(gateway, "users.setStatus", { as: john, json: { status: "busy" } });
  const seen = await seenByGraphQL(JOHN_DOE);
  expect(seen.presence.status.class).toBe("BUSY");
  expect(await auditOf(seen.id)).toMatchObject({
    ...byJohn,
    action: "setStatus",
    before: { statusInEffect: 1 },
    after: { statusId: 2, statusInEffect: 2 },
  });
  const [event] = await gateway.dataSource.query<{ topic: string; subject: string }[]>(
    `SELECT topic, subject FROM events ORDER BY id DESC LIMIT 1`,
  );
  expect(event).toMatchObject({ topic: "presenceChanged", subject: seen.id });
});

it("a change by GraphQL is visible in Rocket.Chat", async () => {
  const { errors } = await gateway.ask(
    admin,
    `mutation ($user: UserBy!) {
       setStatus(input: { user: $user, statusId: 3 }) { presence { id } }
       removeAgent(input: { user: $user, role: AGENT }) { user { id } }
     }`,
    { user: { username: "john.doe" } },
  );
  expect(errors).toBeUndefined();
  const query = { userId: JOHN_DOE };
  const { body } = await askRocketChat(gateway, "users.info", { as: john, query });
  expect(body.user).toMatchObject({ status: "away", roles: ["user"] });
  const agent = await askRocketChat(gateway, `livechat/users/agent/${JOHN_DOE}`, { as: john });
  expect(agent.body).toEqual({ user: null, success: true });
});

it("a Rocket.Chat token works in GraphQL until logout", async () => {
  const doe = await signIn(gateway, "doe.john");
  const viewer = async () => (await gateway.ask(doe.token, `{ viewer { name } }`)).data ?? null;
  expect(await viewer()).toEqual({ viewer: { name: "doe.john" } });
  await askRocketChat(gateway, "logout", { as: doe, method: "POST" });
  expect(await viewer()).toBeNull();
});
