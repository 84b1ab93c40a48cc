import { startTestGateway, type TestGateway } from "../../support/gateway.js";

let gateway: TestGateway | undefined;
afterEach(() => gateway?.stop());

const ask = async (path: string) => {
  const response = await fetch(`${gateway?.url}${path}`);
  return { status: response.status, text: await response.text() };
};

it("rocket-chat: the base path is a setting", async () => {
  gateway = await startTestGateway({ ROCKET_CHAT_BASE_PATH: "/chat/api" });
  expect(await ask("/chat/api/me")).toMatchObject({ status: 401 });
  expect(await ask("/api/v1/me")).toEqual({ status: 404, text: '{"error":"Not found"}' });
});

it("rocket-chat: the dialect can be disabled", async () => {
  gateway = await startTestGateway({ ROCKET_CHAT_ENABLED: "false" });
  expect(await ask("/api/v1/me")).toEqual({ status: 404, text: '{"error":"Not found"}' });
});
