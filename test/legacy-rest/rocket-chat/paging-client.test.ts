import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { askRocketChat, type RocketChatUser, signIn } from "./ask-rocket-chat.js";

/**
 * A client that behaves like the Python client: it signs in with `user` for an e-mail address and `username`
 * otherwise, always sends `offset` and `count`, and requests pages until one is short.
 */

const PAGE_SIZE = 50;

let gateway: TestGateway;
let john: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  john = await signIn(gateway, "john.doe@example.com");
});
afterAll(() => gateway.stop());

interface Listed {
  readonly _id: string;
  readonly username: string;
}

async function everyPage(type: string): Promise<Listed[]> {
  const users: Listed[] = [];
  for (let offset = 0; ; offset += PAGE_SIZE) {
    const query = { offset: String(offset), count: String(PAGE_SIZE) };
    const { body } = await askRocketChat(gateway, `livechat/users/${type}`, { as: john, query });
    if (body.success === false) throw new Error(String(body.error));
    const page = body.users as Listed[];
    users.push(...page);
    if (page.length < PAGE_SIZE) return users;
  }
}

/** More than fit on two pages. */
async function givenManyAgents(): Promise<void> {
  await gateway.dataSource.query(
    `WITH added AS (
       INSERT INTO users (username, firstname, rocket_chat_id, jtel_uid)
       SELECT 'z' || n, 'Same', lpad(n::text, 17, '0'), 'z' || n FROM generate_series(1, 90) n RETURNING id),
     shown AS (INSERT INTO presences (user_id, status_id, source) SELECT id, 4, 'CONNECTION' FROM added),
     set AS (INSERT INTO user_settings (user_id) SELECT id FROM added)
     INSERT INTO agents (user_id) SELECT id FROM added`,
  );
}

it.each(["agent", "manager"])(
  "a paging client works with %s: add, list, get, delete, list",
  async (type) => {
    const path = `livechat/users/${type}`;
    const username = "joshua.post";
    expect((await everyPage(type)).map((user) => user.username)).not.toContain(username);

    const added = await askRocketChat(gateway, path, { as: john, json: { username } });
    expect(added.body).toMatchObject({ success: true, user: { username } });
    const { _id } = added.body.user as Listed;

    expect((await everyPage(type)).map((user) => user._id)).toContain(_id);
    const one = await askRocketChat(gateway, `${path}/${_id}`, { as: john });
    expect(one.body).toMatchObject({ success: true, user: { _id, username } });

    const removed = await askRocketChat(gateway, `${path}/${_id}`, { as: john, method: "DELETE" });
    expect(removed.body).toEqual({ success: true });
    expect((await everyPage(type)).map((user) => user._id)).not.toContain(_id);
  },
);

it("three pages hold every user once, also with equal names", async () => {
  await givenManyAgents();
  const ids = (await everyPage("agent")).map(({ _id }) => _id);
  expect(ids).toHaveLength(26 + 90);
  expect(new Set(ids).size).toBe(ids.length);
});

it("a paging client receives 401 for a wrong password", async () => {
  const json = { username: "john.doe", password: "wrong" };
  expect(await askRocketChat(gateway, "login", { as: null, json })).toMatchObject({
    status: 401,
    body: { status: "error", success: false },
  });
});
