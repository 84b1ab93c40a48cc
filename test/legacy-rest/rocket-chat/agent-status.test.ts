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
let writer: RocketChatUser;
let doe: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  writer = await givenKeyOfNobody(gateway, "USER_READ", "USER_CUD");
  doe = await signIn(gateway, "doe.john");
});
afterAll(() => gateway.stop());

const set = (as: RocketChatUser, json: unknown) =>
  askRocketChat(gateway, "livechat/agent.status", { as, json });

const livechatStatusOf = async (id: string) => {
  const { body } = await askRocketChat(gateway, `livechat/users/agent/${id}`, { as: writer });
  return (body.user as { statusLivechat: string }).statusLivechat;
};

it("agent.status sets the agent's own status and returns it", async () => {
  const off = await set(doe, { status: "not-available" });
  expect(off).toMatchObject({ status: 200, text: '{"status":"not-available","success":true}' });
  expect(await livechatStatusOf(DOE_JOHN)).toBe("not-available");
  const on = await set(doe, { status: "available" });
  expect(on).toMatchObject({ status: 200, text: '{"status":"available","success":true}' });
  expect(await livechatStatusOf(DOE_JOHN)).toBe("available");
});

it.each([{}, { status: null }, { agentId: DOE_JOHN }])(
  "agent.status %j without a status toggles it",
  async (json) => {
    const before = await livechatStatusOf(DOE_JOHN);
    const toggled = await set(doe, json);
    expect(toggled.status).toBe(200);
    expect(toggled.body.status).not.toBe(before);
    expect(await livechatStatusOf(DOE_JOHN)).toBe(toggled.body.status);
    expect((await set(doe, json)).body.status).toBe(before);
  },
);

it("agent.status of another agent needs USER_CUD", async () => {
  const json = { status: "not-available", agentId: JOHN_DOE };
  expect(await set(doe, json)).toMatchObject({ status: 403 });
  expect(await livechatStatusOf(JOHN_DOE)).toBe("available");
  expect(await set(writer, json)).toMatchObject({ status: 200 });
  expect(await livechatStatusOf(JOHN_DOE)).toBe("not-available");
});

it("agent.status of an unknown user or a user that is no agent is 404", async () => {
  const query = { username: "juan.box" };
  const { body } = await askRocketChat(gateway, "users.info", { as: writer, query });
  const { _id: noAgent } = body.user as { _id: string };
  for (const agentId of [UNKNOWN_ID, noAgent]) {
    expect(await set(writer, { status: "available", agentId })).toMatchObject({
      status: 404,
      text: '{"success":false,"error":"Agent not found"}',
    });
  }
});

it.each(["online", "AVAILABLE", "", 1])("agent.status refuses %j", async (status) => {
  expect(await set(doe, { status })).toMatchObject({
    status: 400,
    body: {
      success: false,
      error: "status must be available or not-available [invalid-params]",
      errorType: "invalid-params",
    },
  });
});

it("agent.status refuses a deactivated user", async () => {
  const query = { username: "thomas.baker" };
  const { body } = await askRocketChat(gateway, "users.info", { as: writer, query });
  const { _id: agentId } = body.user as { _id: string };
  expect(await set(writer, { status: "available", agentId })).toMatchObject({
    status: 400,
    body: { errorType: "error-user-deactivated" },
  });
});

it("a key without an owner must name the user", async () => {
  expect(await set(writer, { status: "available" })).toMatchObject({
    status: 400,
    body: { errorType: "error-user-param-not-provided" },
  });
});
