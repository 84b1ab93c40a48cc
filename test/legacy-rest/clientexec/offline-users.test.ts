import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { givenUser } from "../../support/given.js";
import { usersOnline } from "./ask-clientexec.js";

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

/** Starts a gateway with offline users and their last heartbeats. @returns a function that lists their names */
async function start(
  environment: Record<string, string>,
  lastSeen: Readonly<Record<string, string | null>>,
): Promise<() => Promise<readonly string[]>> {
  const running = await startTestGateway(environment);
  gateway = running;
  for (const [username, ago] of Object.entries(lastSeen)) {
    const { id } = await givenUser(running, { username });
    await running.dataSource.query(
      `UPDATE presences SET last_seen_at = now() - $2::interval WHERE user_id = $1`,
      [id, ago],
    );
  }
  const key = await running.givenKey("USER_READ");
  return async () => {
    const { users, count, offlineusers, offlinecount } = await usersOnline(running, key);
    expect([users, count]).toEqual([[], 0]);
    expect(offlinecount).toBe(offlineusers.length);
    return offlineusers.map(({ name }) => name);
  };
}

const lastSeen = {
  yesterday: "23 hours 59 minutes",
  justnow: "1 minute",
  before: "24 hours 1 minute",
  never: null,
  thismorning: "5 hours",
};

it("users seen in the last 24 hours are listed, newest first", async () => {
  const listed = await start({}, lastSeen);
  expect(await listed()).toEqual(["justnow", "thismorning", "yesterday"]);
});

it("the period of offline users is a setting", async () => {
  const listed = await start({ CLIENTEXEC_OFFLINE_HOURS: "4" }, lastSeen);
  expect(await listed()).toEqual(["justnow"]);
});

it("at most the 100 newest offline users are listed", async () => {
  const crowd = Object.fromEntries(
    Array.from({ length: 103 }, (_, i): [string, string] => [`gone${i}`, `${i + 1} minutes`]),
  );
  const listed = await start({}, crowd);
  expect(await listed()).toEqual(Object.keys(crowd).slice(0, 100));
});

it.each([
  ["2", ["justnow", "thismorning"]],
  ["0", []],
])("the number of offline users is a setting: %s", async (limit, expected) => {
  const listed = await start({ CLIENTEXEC_OFFLINE_LIMIT: limit }, lastSeen);
  expect(await listed()).toEqual(expected);
});

it("the link is a setting with a placeholder for the id", async () => {
  const template = "https://billing.example.com/?fuse=clients&id={id}#{id}";
  const listed = await start({ CLIENTEXEC_LINK_TEMPLATE: template }, { somebody: "1 minute" });
  expect(await listed()).toEqual(["somebody"]);
  const running = gateway as TestGateway;
  const { offlineusers } = await usersOnline(running, await running.givenKey("USER_READ"));
  const [{ id, link } = { id: "", link: "" }] = offlineusers;
  expect(link).toBe(`https://billing.example.com/?fuse=clients&id=${id}#${id}`);
});
