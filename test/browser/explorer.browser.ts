import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { isTooWide, launchChromium, openTab, type Tab, theFaultOf } from "./chromium.js";

let browser: Browser;
let gateway: TestGateway;
let key: string;
let tab: Tab;

beforeAll(async () => {
  browser = await launchChromium();
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("ADMIN");
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** Opens the page in a tab. The test fails when an error occurs in it, and closes it at its end. */
async function visit(path: string, options?: BrowserContextOptions): Promise<Page> {
  tab = await openTab(browser, gateway.url, options);
  await tab.page.goto(gateway.url + path);
  return tab.page;
}
afterEach(async () => {
  await tab.close();
  expect(tab.faults).toEqual([]);
});

const keptInTab = (page: Page) => page.evaluate<string[]>("Object.values({ ...sessionStorage })");

/** Opens a tab and waits until GraphiQL has parsed it: until then GraphiQL runs the operation of the previous tab. */
async function example(page: Page, name: string): Promise<void> {
  await page.getByRole("tab", { name }).click();
  const isRead = () =>
    page.evaluate<boolean>(`localStorage["graphiql:operationName"] === "${name}"`);
  while (!(await isRead())) await page.evaluate("new Promise(requestAnimationFrame)");
}
const run = (page: Page) => page.getByRole("button", { name: "Execute query" }).click();
const answer = (page: Page) => page.getByRole("region", { name: "Result Window" });

it("the explorer sends no request without a key and says where to get one", async () => {
  const page = await visit("/playground");
  await page.getByText("Enter a key to begin.").waitFor();
  expect(new URL(page.url()).pathname).toBe("/graphql");
  const names = await page.getByRole("tab").allTextContents();
  expect(names.map((name) => name.split(" ")[0])).toEqual([
    "FirstQuery",
    "LivePresence",
    "LockAnAgent",
    "Unlock",
    "Reserve",
  ]);
});

it("the explorer takes the demo key from the URL, keeps it in its tab and shows the schema", async () => {
  const page = await visit(`/graphql#key=${key}`);
  await page.getByText("test key 1 · ADMIN").waitFor();
  expect(page.url()).toBe(`${gateway.url}/graphql`);
  expect(await keptInTab(page)).toEqual([key]);
  // Cookies and localStorage.
  expect(JSON.stringify(await page.context().storageState())).not.toContain(key);

  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.getByRole("link", { name: "Query", exact: true }).click();
  await page.getByRole("link", { name: "presences" }).waitFor();

  await page.reload();
  await page.getByText("test key 1 · ADMIN").waitFor();
  await page.getByRole("button", { name: "Forget" }).click();
  await page.getByText("Enter a key to begin.").waitFor();
  expect(await keptInTab(page)).toEqual([]);
});

it("the explorer runs a query", async () => {
  const page = await visit(`/graphql#key=${key}`);
  await page.getByText("test key 1 · ADMIN").waitFor();
  await run(page);
  await answer(page).getByText("Inès Moreau").waitFor();
});

it("the explorer runs mutations", async () => {
  const page = await visit(`/graphql#key=${key}`);
  await page.getByText("test key 1 · ADMIN").waitFor();
  for (const [operation, told] of [
    ["LockAnAgent", "In training until noon"],
    ["Unlock", '"lock": null'],
    ["Reserve", "fencingToken"],
  ] as const) {
    await example(page, operation);
    await run(page);
    await answer(page).getByText(told).first().waitFor();
  }
});

it("the explorer follows a subscription over a WebSocket", async () => {
  const page = await visit(`/graphql#key=${key}`);
  await page.getByText("test key 1 · ADMIN").waitFor();
  await example(page, "LivePresence");
  const subscribed = new Promise<void>((resolve) => {
    page.once("websocket", (socket) =>
      socket.on("framesent", ({ payload }) => {
        if (String(payload).includes("subscribe")) resolve();
      }),
    );
  });
  await run(page);
  await subscribed;
  // Nothing signals that the subscription has started: make changes until an event arrives.
  const told = answer(page).getByText("presenceChanged").first();
  for (let statusId = 5; !(await told.isVisible()); statusId = statusId === 5 ? 6 : 5) {
    const input = `{ user: { username: "john.doe" }, statusId: ${statusId} }`;
    await gateway.ask(key, `mutation { setStatus(input: ${input}) { presence { since } } }`);
    await told.waitFor({ timeout: 1000 }).catch(() => undefined);
  }
  await answer(page).getByText("John Doe").first().waitFor();
  await page.getByRole("button", { name: "Stop query" }).click();
});

it("the explorer on a phone has the result below the query, without overflow", async () => {
  const page = await visit(`/graphql#key=${key}`, { viewport: { width: 390, height: 800 } });
  await page.getByText("test key 1 · ADMIN").waitFor();
  await run(page);
  const [told, editor] = await Promise.all([
    answer(page).boundingBox(),
    page.getByRole("region", { name: "Query Editor" }).boundingBox(),
  ]);
  expect(told?.y).toBeGreaterThan((editor?.y ?? Infinity) + 100);
  expect(await isTooWide(page)).toBe(false);
});

it("the explorer reports an invalid key", async () => {
  const page = await visit("/graphql");
  await page.getByLabel("API key or login token").fill("rollcall_key_of-nobody");
  await page.getByRole("button", { name: "Use" }).click();
  await page.getByText("The credential is unknown, expired or revoked").waitFor();
  expect(await theFaultOf(tab)).toMatch(/^.*401.*$/);
});

it("the explorer takes no key from a URL of another site", async () => {
  const elsewhere = gateway.url.replace("127.0.0.1", "rollcall.test");
  tab = await openTab(browser, elsewhere);
  await tab.page.goto(`${elsewhere}/graphql#key=${key}`);
  await tab.page.getByText("Enter a key to begin.").waitFor();
  expect(tab.page.url()).toBe(`${elsewhere}/graphql`);
});
