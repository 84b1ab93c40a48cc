import type { Browser, Locator, Page } from "playwright-core";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { eventually } from "../support/eventually.js";
import { isTooWide, launchChromium, openTab, type Tab, theFaultOf } from "./chromium.js";

let browser: Browser;
let gateway: TestGateway;
let key: string;
let tab: Tab;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("ADMIN");
  tab = await openTab(browser, gateway.url);
  page = tab.page;
  await page.goto(`${gateway.url}/docs#key=${key}`);
});
afterEach(() => expect(tab.faults).toEqual([]));
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** Opens an endpoint of the list and its request form. */
async function open(method: string, path: string): Promise<Locator> {
  const endpoint = page
    .locator(`.opblock-${method}`)
    .filter({ has: page.getByText(path, { exact: true }) });
  await endpoint.locator(".opblock-summary-control").click();
  await endpoint.getByRole("button", { name: "Try it out" }).click();
  return endpoint;
}

/** @returns the status and the body of the response */
async function execute(endpoint: Locator): Promise<[string, string]> {
  await endpoint.getByRole("button", { name: "Execute" }).click();
  const answer = endpoint.locator(".live-responses-table .response").first();
  const status = (await answer.locator(".response-col_status").textContent()) ?? "";
  return [status.trim(), (await answer.locator("pre").first().textContent()) ?? ""];
}

it("the REST reference shows every endpoint of every dialect", async () => {
  await page.getByText("test key 1 · ADMIN").waitFor();
  expect(page.url()).toBe(`${gateway.url}/docs`);
  const spec = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  const endpoints = Object.values(spec.paths).flatMap((methods) => Object.keys(methods));
  await eventually(async () =>
    expect(await page.locator(".opblock").count()).toBe(endpoints.length),
  );
});

it.each([
  ["Clientexec", "/api/v2/clients/users/usersonline", {}, "Joshua Post"],
  ["Rocket.Chat", "/api/v1/users.info", { username: "john.doe" }, "aobEdbYhXfu5hkeqG"],
  [
    "jtel",
    "/rest/v1.0/{clientsId}/users/user/{usersId}",
    { clientsId: "1", usersId: "1003" },
    "1003",
  ],
  ["Omnidesk", "/api/v2/user", { query: "john" }, "john.doe"],
] as const)(
  "the REST reference calls %s with the key entered once",
  async (_system, path, fields, told) => {
    const endpoint = await open("get", path);
    for (const [name, value] of Object.entries(fields)) {
      await endpoint.getByPlaceholder(name, { exact: true }).fill(value);
    }
    const [status, body] = await execute(endpoint);
    expect(status).toBe("200");
    expect(body).toContain(told);
  },
);

it("the REST reference executes a change from its example", async () => {
  const endpoint = await open("post", "/api/v2/user/updateStatus");
  const example = JSON.parse(await endpoint.locator("textarea").inputValue()) as object;
  await endpoint.locator("textarea").fill(JSON.stringify({ ...example, userID: 3, statusID: 5 }));
  const [status, body] = await execute(endpoint);
  expect([status, body]).toEqual(["200", expect.stringContaining("result")]);
  const { data } = await gateway.ask(
    key,
    `{ user(by: { username: "john.doe" }) { presence { status { name } } } }`,
  );
  expect(data).toEqual({ user: { presence: { status: { name: "Pause" } } } });
});

it("the REST reference fits a phone screen", async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await isTooWide(page)).toBe(false);
  await page.setViewportSize({ width: 1360, height: 820 });
});

it("the REST reference forgets the key on request", async () => {
  await page.getByRole("button", { name: "Forget" }).click();
  await page.getByText("Enter a key to begin.").waitFor();
  const endpoint = await open("get", "/api/v2/user/settings");
  const [status] = await execute(endpoint);
  expect(status).toBe("401");
  expect(await theFaultOf(tab)).toMatch(/^.*401.*$/);
});
