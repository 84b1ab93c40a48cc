import { system } from "../../../src/domain/actor.js";
import { seedDemo } from "../../../src/demo/seed-demo.js";
import { DEMO_PASSWORD } from "../../../src/demo/users.js";
import { requirementOf } from "../../../src/domain/permission-table.js";
import { permissions } from "../../../src/domain/vocabulary.js";
import { rocketChat } from "../../../src/legacy-rest/rocket-chat/index.js";
import { contentsOf } from "../../graphql/contents.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { givenSignedIn } from "../../support/given.js";
import {
  askRocketChat,
  DOE_JOHN,
  givenKeyOfNobody,
  JOHN_DOE,
  type RocketChatUser,
} from "./ask-rocket-chat.js";

const DOE = { username: "doe.john" };

/** A call of each endpoint about another user. It succeeds for a caller with all permissions. */
const calls: Readonly<Record<string, readonly [path: string, body?: object]>> = {
  "GET /livechat/users/:type": ["livechat/users/agent"],
  "POST /livechat/users/:type": ["livechat/users/agent", DOE],
  "GET /livechat/users/:type/:_id": [`livechat/users/agent/${JOHN_DOE}`],
  "DELETE /livechat/users/:type/:_id": [`livechat/users/agent/${DOE_JOHN}`],
  "POST /livechat/agent.status": ["livechat/agent.status", { agentId: JOHN_DOE }],
  "POST /login": ["login", { user: "doe.john", password: DEMO_PASSWORD }],
  "POST /logout": ["logout", {}],
  "GET /logout": ["logout"],
  "GET /me": ["me"],
  "GET /users.getStatus": [`users.getStatus?userId=${DOE_JOHN}`],
  "POST /users.setStatus": ["users.setStatus", { ...DOE, status: "busy", message: "" }],
  "GET /users.getPresence": [`users.getPresence?userId=${DOE_JOHN}`],
  "GET /users.presence": ["users.presence"],
  "GET /users.info": [`users.info?userId=${DOE_JOHN}`],
  "GET /users.list": ["users.list"],
};
const routes = rocketChat.routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** Endpoints that refuse a key without a user, whatever its permissions: they need a user or a session. */
const aboutOneself = ["POST /logout", "GET /logout", "GET /me"];
const others = routes.filter(([name]) => name !== "POST /login" && !aboutOneself.includes(name));

let gateway: TestGateway;
/** A signed-in user without permissions. */
let somebody: RocketChatUser;
const singleKeys = new Map<string, RocketChatUser>();
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  const { user, secret } = await givenSignedIn(gateway);
  somebody = { token: secret, userId: user.rocketChatId };
  for (const permission of permissions) {
    singleKeys.set(permission, await givenKeyOfNobody(gateway, permission));
  }
});
afterAll(() => gateway.stop());

async function statusOf(name: string, as: RocketChatUser | null): Promise<number> {
  const [path = "", json] = calls[name] ?? [];
  const [method = ""] = name.split(" ");
  return (await askRocketChat(gateway, path, { as, method, json })).status;
}

it("these tests call every endpoint", () => {
  expect(Object.keys(calls).sort()).toEqual(routes.map(([name]) => name).sort());
});

it.each(others)(
  "%s is allowed exactly as the permission table says",
  async (name, { operation }) => {
    const { needs } = requirementOf(operation);
    const allowed: string[] = [];
    for (const [permission, key] of singleKeys) {
      await gateway.services.agents.register(system("given"), { user: DOE, role: "AGENT" });
      const isRefused = permission !== needs && permission !== "ADMIN";
      const before = isRefused && (await contentsOf(gateway.dataSource));
      const status = await statusOf(name, key);
      expect([200, 403]).toContain(status);
      if (status === 200) allowed.push(permission);
      if (isRefused) expect(await contentsOf(gateway.dataSource)).toEqual(before);
    }
    expect(allowed.sort()).toEqual([needs, "ADMIN"].sort());
  },
);

it.each(aboutOneself)(
  "%s is refused for a key without an owner, whatever its permissions",
  async (name) => {
    for (const key of singleKeys.values()) expect(await statusOf(name, key)).toBe(400);
  },
);

it.each(others)("%s is refused for a user without permissions", async (name) => {
  const before = await contentsOf(gateway.dataSource);
  expect(await statusOf(name, somebody)).toBe(403);
  expect(await contentsOf(gateway.dataSource)).toEqual(before);
});
