import { readFileSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { seedLoad } from "../../src/demo/load/seed-load.js";
import { system } from "../../src/domain/actor.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { startSecondGateway } from "../support/second-gateway.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { isTooWide, launchChromium, openTab, type Tab, theFaultOf } from "./chromium.js";

const actor = system("test");
const JOHN = { username: "john.doe" };
const [AVAILABLE, BUSY, PAUSE] = [1, 2, 5];

let browser: Browser;
let gateway: TestGateway;
let key: string;
const tabs: Tab[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("USER_READ", "USER_CUD", "API_RESERVE_USER");
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});
afterEach(async () => {
  const closed = tabs.splice(0);
  await Promise.all(closed.map(({ close }) => close()));
  expect(closed.flatMap(({ faults }) => faults)).toEqual([]);
});

/** Opens the board in a window of its own, and waits until it shows the current presences. */
async function board(
  secret = key,
  { url = gateway.url, ...options }: BrowserContextOptions & { url?: string } = {},
): Promise<Page> {
  // High enough for the whole demo: rows outside the window are not rendered.
  const viewport = { width: 1360, height: 1500 };
  const tab = await openTab(browser, url, { viewport, ...options });
  tabs.push(tab);
  await tab.page.goto(`${url}/board#key=${secret}`);
  await tab.page.getByText("Live", { exact: true }).waitFor();
  return tab.page;
}

const choice = (page: Page, name: string) => page.getByRole("combobox", { name, exact: true });
const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
const panel = (page: Page, name: string) => page.getByRole("complementary", { name });
const outcome = (page: Page) => page.getByRole("complementary").getByRole("status");

async function open(page: Page, name: string) {
  await row(page, name).click();
  return panel(page, name);
}

/** Waits until an element has this text. */
const says = (page: Page, name: string, words: string) =>
  row(page, name).filter({ hasText: words }).waitFor();

const setStatus = (statusId: number) =>
  gateway.services.presence.setStatus(actor, { user: JOHN, statusId });

describe("with two windows", () => {
  it("a status set in one window appears in the other", async () => {
    const [mine, theirs] = [await board(), await board()];
    const john = await open(mine, "John Doe");
    await john.getByRole("button", { name: "Pause" }).click();
    await outcome(mine).getByText("The status is Pause now.").waitFor();
    await says(theirs, "John Doe", "Pause");
    await says(mine, "John Doe", "Pause");
    await setStatus(AVAILABLE);
    await says(theirs, "John Doe", "Available");
  });

  it("a lock set in one window is enforced in the other, with its reason, until released", async () => {
    const [mine, theirs] = [await board(), await board()];
    const john = await open(mine, "John Doe");
    await john.getByLabel("In status").selectOption("Training");
    await john.getByLabel("Reason").fill("In training");
    await john.getByRole("button", { name: "Lock" }).click();
    await outcome(mine).getByText("Locked in Training until released.").waitFor();
    await says(theirs, "John Doe", "Locked");

    const refused = await open(theirs, "John Doe");
    await refused.getByText("In training").waitFor();
    await refused.getByRole("button", { name: "Busy" }).click();
    await outcome(theirs)
      .getByText("The status is locked: In training. The lock holds until it is released.")
      .waitFor();

    await john.getByRole("button", { name: "Unlock" }).click();
    await outcome(mine).getByText("Unlocked. The status is Available now.").waitFor();
    await refused.getByRole("button", { name: "Lock" }).waitFor();
    await says(theirs, "John Doe", "Available");
  });

  it("a reservation in one window takes a slot in the other, and a full agent cannot be reserved", async () => {
    const [mine, theirs] = [await board(), await board()];
    const daan = await open(mine, "Daan de Vries");
    await daan.getByLabel("Hold").selectOption("for 5 minutes");
    await daan.getByRole("button", { name: "Reserve" }).click();
    await outcome(mine).getByText("Reserved for livechat until").waitFor();
    await says(theirs, "Daan de Vries", "Reserved");
    await says(theirs, "Daan de Vries", "1 of 3");
    await daan.getByRole("button", { name: "Release livechat" }).click();
    await says(theirs, "Daan de Vries", "0 of 3");

    const oisin = await open(mine, "Oisín O'Malley");
    await oisin.getByRole("button", { name: "Reserve" }).click();
    await outcome(mine)
      .getByText("Cannot be reserved now. The agent has 1 of at most 1 chats.")
      .waitFor();
  });
});

describe("a credential", () => {
  it("an invalid credential shows no user", async () => {
    const page = await board();
    await page.getByLabel("API key or login token").fill("rollcall_key_of-nobody");
    await page.getByRole("button", { name: "Use", exact: true }).click();
    await page.getByText("The credential is unknown, expired or revoked").waitFor();
    expect(await page.getByRole("row").count()).toBe(0);
    expect(await theFaultOf(tabs[0] as Tab)).toMatch(/^.*401.*$/);
    expect(page.url()).toBe(`${gateway.url}/board`);
  });

  it("a read-only credential sees the refusal of an action", async () => {
    const page = await board(await gateway.givenKey("USER_READ"));
    const john = await open(page, "John Doe");
    for (const [button, action] of [
      ["Pause", "setStatus"],
      ["Lock", "lockStatus"],
      ["Reserve", "reserveUserForLiveChannel"],
    ] as const) {
      await john.getByRole("button", { name: button }).click();
      await outcome(page).getByText(`This key lacks the permission for ${action}.`).waitFor();
    }
  });

  it("a credential without USER_READ sees the refusal", async () => {
    const tab = await openTab(browser, gateway.url);
    tabs.push(tab);
    await tab.page.goto(`${gateway.url}/board#key=${await gateway.givenKey("API_RESERVE_USER")}`);
    await tab.page.getByText("This key lacks the permission for").waitFor();
    await tab.page.getByRole("button", { name: "Try again" }).waitFor();
  });

  it("a revoked credential ends the view", async () => {
    const input = { name: "for a while", permissions: ["USER_READ" as const] };
    const { apiKey, secret } = await gateway.services.apiKeys.create(actor, input);
    const page = await board(secret);
    await gateway.services.apiKeys.revoke(actor, { id: apiKey.globalId });
    await page.getByText("The key has expired or was revoked.").waitFor();
  });
});

it("the board works by keyboard, and focus stays during changes by others", async () => {
  const page = await board();
  const focused = () => page.evaluate<string>("document.activeElement.innerText");
  await page.getByLabel("Find").focus();
  // The status buttons come before the rows and appear once the catalogue is loaded.
  await page.getByRole("button", { name: "Pause" }).waitFor();
  const chips = await page.getByRole("group", { name: "Status" }).getByRole("button").count();
  for (let tabs = 0; tabs <= chips; tabs += 1) await page.keyboard.press("Tab");
  expect(await focused()).toContain("Anne-Marie Lefèvre");
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toContain("Çağrı Yıldız");
  await page.keyboard.press("End");
  const last = await focused();
  expect(last).not.toContain("Available");
  await page.keyboard.press("Home");

  // The focus stays with the user when the row moves.
  while (!(await focused()).includes("John Doe")) await page.keyboard.press("ArrowDown");
  await setStatus(BUSY);
  await says(page, "John Doe", "Busy");
  expect(await focused()).toContain("John Doe");

  await page.keyboard.press("Enter");
  expect(await focused()).toBe("John Doe");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Available");
  await page.keyboard.press("Space");
  await outcome(page).getByText("The status is Available now.").waitFor();
  expect(await focused()).toBe("Available");
  await page.keyboard.press("Escape");
  await panel(page, "John Doe").waitFor({ state: "hidden" });
  expect(await focused()).toContain("John Doe");
});

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  it.each([
    ["a wide window", 1360],
    ["a telephone", 390],
  ])("the board has no axe violations, in %s", async (_name, width) => {
    const page = await board(key, { colorScheme, viewport: { width, height: 800 } });
    expect(await faultsByAxe(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    const john = await open(page, "John Doe");
    await john.getByRole("button", { name: "Reserve" }).waitFor();
    expect(await faultsByAxe(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  });
});

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** The violations of WCAG 2.2 AA and of best practices that axe finds. */
async function faultsByAxe(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
       nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`,
  );
}

it("the board filters and groups users as selected", async () => {
  const page = await board();
  const people = () => page.locator(".person").allInnerTexts();
  await page.getByRole("button", { name: "Pause" }).click();
  for (const person of await people()) expect(person).toContain("Pause");
  await page.getByRole("button", { name: "All" }).click();

  await choice(page, "Group").selectOption("Billing");
  await page.getByRole("row", { name: "John Doe" }).waitFor({ state: "detached" });
  await page.getByText("Live", { exact: true }).waitFor();
  for (const person of await people()) expect(person).toContain("Billing");
  await choice(page, "Group").selectOption("All groups");

  await page.getByLabel("Find").fill("doe");
  await says(page, "John Doe", "Available");
  await choice(page, "Arranged").selectOption("by group");
  // The user is in two groups, and so under both headings.
  expect(await row(page, "John Doe").count()).toBe(2);
  await page.getByLabel("Find").fill("nobody at all");
  await page.getByText("No user matches these filters.").waitFor();
});

it("the board follows users that come online, leave or are renamed", async () => {
  const page = await board();
  const { id, globalId } = await givenUser(gateway, { firstname: "Ada", lastname: "Newcomer" });
  await gateway.services.presence.heartbeat(actor, { user: { id: globalId } });
  await row(page, "Ada Newcomer").waitFor();
  await gateway.services.users.update(actor, { user: { id: globalId }, firstname: "Augusta" });
  await row(page, "Augusta Newcomer").waitFor();
  await gateway.dataSource.query(`UPDATE presences SET lease_until = now() WHERE user_id = $1`, [
    id,
  ]);
  await row(page, "Augusta Newcomer").waitFor({ state: "detached" });
});

it("the board resumes after an outage and reloads when events are no longer kept", async () => {
  const { proxy, url } = await TcpProxy.beforeUrl(gateway.url);
  const page = await board(key, { url: url.replace(/\/$/, "") });
  proxy.cut();
  await page.getByText("Connection lost.").waitFor();
  await setStatus(PAUSE);
  proxy.resume();
  await page.getByText("Live", { exact: true }).waitFor();
  await says(page, "John Doe", "Pause");

  proxy.cut();
  await page.getByText("Connection lost.").waitFor();
  await setStatus(AVAILABLE);
  // Another process, which has only the events of the outbox table.
  const second = await startSecondGateway(gateway);
  await gateway.dataSource.query(`DELETE FROM events`);
  proxy.lead(Number(new URL(second.url).port));
  proxy.resume();
  await says(page, "John Doe", "Available");
  // The console logged the lost connection.
  const faults = tabs[0]?.faults.splice(0) ?? [];
  for (const fault of faults) expect(fault).toContain("ERR_CONNECTION");
  await tabs.splice(0)[0]?.close();
  await second.stop();
  await proxy.close();
});

it("the board pages through hundreds of users and renders the visible ones", async () => {
  await seedLoad(gateway.dataSource, { users: 400, agents: 300 });
  const page = await board();
  await choice(page, "People").selectOption("all");
  await page.getByLabel("Find").fill("load0");
  const grid = page.getByRole("grid");
  const rows = () => page.getByRole("row").count();
  const known = () => grid.getAttribute("aria-rowcount").then(Number);
  while ((await known()) < 300) await page.evaluate("new Promise(requestAnimationFrame)");
  expect(await rows()).toBeLessThan(80);
  await choice(page, "Arranged").selectOption("by name");
  await page.locator(".person").first().click();
  await page.keyboard.press("End");
  await grid.locator(`[aria-rowindex="${await known()}"]`).waitFor();
  expect(await rows()).toBeLessThan(80);
});
