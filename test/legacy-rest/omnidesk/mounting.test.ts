import { startTestGateway, type TestGateway } from "../../support/gateway.js";

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

async function ask(environment: Record<string, string>, path: string): Promise<number> {
  gateway = await startTestGateway(environment);
  const apiKey = await gateway.givenKey("USER_READ");
  const { status } = await fetch(`${gateway.url}${path}`, { headers: { apiKey } });
  return status;
}

it("answers at the base path that is set, and nowhere else", async () => {
  const moved = { OMNIDESK_BASE_PATH: "/old/desk" };
  expect(await ask(moved, "/old/desk")).toBe(200);
  expect((await fetch(`${gateway?.url}/api/v2/user`)).status).toBe(404);
});

it("is silent when it is switched off", async () => {
  expect(await ask({ OMNIDESK_ENABLED: "false" }, "/api/v2/user")).toBe(404);
});

it("does not answer for a neighbour whose path begins alike", async () => {
  expect(await ask({ CLIENTEXEC_ENABLED: "false" }, "/api/v2/users")).toBe(404);
  const answer = await fetch(`${gateway?.url}/api/v2/users`);
  expect(await answer.json()).not.toHaveProperty("status", "error");
});
