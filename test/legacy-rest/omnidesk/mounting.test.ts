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

it("Omnidesk answers at the configured base path only", async () => {
  const moved = { OMNIDESK_BASE_PATH: "/old/desk" };
  expect(await ask(moved, "/old/desk")).toBe(200);
  expect((await fetch(`${gateway?.url}/api/v2/user`)).status).toBe(404);
});

it("a disabled Omnidesk dialect answers nothing", async () => {
  expect(await ask({ OMNIDESK_ENABLED: "false" }, "/api/v2/user")).toBe(404);
});

it("Omnidesk does not answer a path with a similar prefix", async () => {
  expect(await ask({ CLIENTEXEC_ENABLED: "false" }, "/api/v2/users")).toBe(404);
  const answer = await fetch(`${gateway?.url}/api/v2/users`);
  expect(await answer.json()).not.toHaveProperty("status", "error");
});
