import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import {
  askRocketChat,
  DOE_JOHN,
  JOHN_DOE,
  type RocketChatUser,
  signIn,
} from "./ask-rocket-chat.js";

/** The four calls of the document, with the ids that it prints. */

let gateway: TestGateway;
let john: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  john = await signIn(gateway, "john.doe");
});
afterAll(() => gateway.stop());

it("john.doe logs in under the id that the document prints", () => {
  expect(john.userId).toBe(JOHN_DOE);
});

it("the list of agents holds the two that the document prints, and says success", async () => {
  const { status, body } = await askRocketChat(gateway, "livechat/users/agent", { as: john });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    users: expect.arrayContaining([
      expect.objectContaining({ _id: JOHN_DOE, username: "john.doe" }),
      expect.objectContaining({ _id: DOE_JOHN, username: "doe.john" }),
    ]) as unknown,
    success: true,
  });
});

it("a listed agent has the fields that current servers add", async () => {
  const query = { text: "john.doe" };
  const { body } = await askRocketChat(gateway, "livechat/users/agent", { as: john, query });
  expect(body).toEqual({
    users: [
      {
        _id: JOHN_DOE,
        username: "john.doe",
        name: "John Doe",
        status: "online",
        statusLivechat: "available",
        emails: [{ address: "john.doe@example.com", verified: true }],
        livechat: { maxNumberSimultaneousChat: "5" },
        departments: ["1", "2"],
      },
    ],
    count: 1,
    offset: 0,
    total: 1,
    success: true,
  });
});

it("a user that is only a manager has no livechat status and no agent settings", async () => {
  const query = { text: "juan.box" };
  const { body } = await askRocketChat(gateway, "livechat/users/manager", { as: john, query });
  const [manager] = body.users as object[];
  expect(manager).not.toHaveProperty("statusLivechat");
  expect(manager).toMatchObject({ username: "juan.box", livechat: null, departments: ["3"] });
});

it.each([
  ["JSON", { json: { username: "doe.john" } }],
  ["a form", { form: { username: "doe.john" } }],
])("registering an agent by %s returns exactly the printed response", async (_name, sent) => {
  const answer = await askRocketChat(gateway, "livechat/users/agent", { as: john, ...sent });
  expect(answer).toMatchObject({
    status: 200,
    text: `{"user":{"_id":"${DOE_JOHN}","username":"doe.john"},"success":true}`,
  });
});

it("one agent has the printed properties first", async () => {
  const answer = await askRocketChat(gateway, `livechat/users/agent/${DOE_JOHN}`, { as: john });
  expect(answer.status).toBe(200);
  expect(answer.text).toMatch(
    new RegExp(
      `^\\{"user":\\{"_id":"${DOE_JOHN}","username":"doe\\.john",.*\\},"success":true\\}$`,
    ),
  );
  expect(answer.body).toEqual({
    user: {
      _id: DOE_JOHN,
      username: "doe.john",
      name: "Doe John",
      status: "offline",
      statusLivechat: "available",
      emails: [{ address: "doe.john@example.com", verified: true }],
      livechat: { maxNumberSimultaneousChat: "3" },
    },
    success: true,
  });
});

it("removing an agent succeeds and keeps the user", async () => {
  const path = `livechat/users/agent/${DOE_JOHN}`;
  const removed = await askRocketChat(gateway, path, { as: john, method: "DELETE" });
  expect(removed).toMatchObject({ status: 200, text: '{"success":true}' });

  const query = { userId: DOE_JOHN };
  const { body } = await askRocketChat(gateway, "users.info", { as: john, query });
  expect(body).toMatchObject({ user: { username: "doe.john", active: true, roles: ["user"] } });
});

it("a new agent is available immediately, and a removed one no longer", async () => {
  const path = "livechat/users/agent";
  await askRocketChat(gateway, path, { as: john, json: { username: "juan.box" } });
  const listed = await askRocketChat(gateway, path, { as: john, query: { text: "juan.box" } });
  expect(listed.body).toMatchObject({ users: [{ statusLivechat: "available" }], total: 1 });

  const [{ _id }] = listed.body.users as [{ _id: string }];
  await askRocketChat(gateway, `${path}/${_id}`, { as: john, method: "DELETE" });
  const manager = await askRocketChat(gateway, `livechat/users/manager/${_id}`, { as: john });
  expect(manager.body.user).toMatchObject({ username: "juan.box" });
  expect(manager.body.user).not.toHaveProperty("statusLivechat");
});
