import type { User } from "../../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { givenUser } from "../../support/given.js";
import { letEnd } from "../../support/let-end.js";
import { type OnlineUser, usersOnline } from "./ask-clientexec.js";

let gateway: TestGateway;
let key: string;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway({ ROLLCALL_LEASE_SECONDS: "3600" });
  key = await gateway.givenKey("USER_READ");
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

/** Changes something through GraphQL. */
async function mutate(name: string, input: object): Promise<void> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`;
  expect((await gateway.ask(admin, document, { input })).errors).toBeUndefined();
}

const beat = ({ globalId }: User, lastView?: object) =>
  mutate("heartbeat", { user: { id: globalId }, lastView });

const setPresence = (user: User, columns: string) =>
  gateway.dataSource.query(`UPDATE presences SET ${columns} WHERE user_id = $1`, [user.id]);

/** The entry of a user in the response, from either list. */
async function seen(user: User): Promise<OnlineUser | undefined> {
  const { users, offlineusers } = await usersOnline(gateway, key);
  const found = [...users, ...offlineusers].filter(({ id }) => id === user.clientexecId);
  expect(found.length).toBeLessThan(2);
  return found[0];
}

describe("online users", () => {
  it("a user is listed from the first heartbeat", async () => {
    const user = await givenUser(gateway);
    expect(await seen(user)).toBeUndefined();
    await beat(user);
    expect(await seen(user)).toMatchObject({ online: 1, time: "0m", color: "green" });
  });

  it("a user is listed until the lease ends, then as offline", async () => {
    const user = await givenUser(gateway);
    await beat(user, { module: "support", view: "viewtickets" });
    await setPresence(user, `lease_until = now()`);
    const gone = await seen(user);
    expect(gone).toMatchObject({ online: 0, time: "0m", color: "yellow" });
    expect(gone).not.toHaveProperty("lastview");
  });

  it("online users are listed by id, stable from poll to poll", async () => {
    for (const number of [90_010, 90_002, 100_001]) {
      const externalIds = [{ system: "CLIENTEXEC" as const, id: String(number) }];
      await beat(await givenUser(gateway, { externalIds }));
    }
    const { users } = await usersOnline(gateway, key);
    const ids = users.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids.slice(-3)).toEqual([90_002, 90_010, 100_001]);
  });

  it.each([
    ["available", 1, 0, "green"],
    ["busy", 2, 1, "red"],
    ["away", 3, 2, "green"],
    ["in pause", 5, 2, "green"],
    ["offline by choice", 4, 0, "green"],
  ])("an online user that is %s has its status and colour", async (_, statusId, status, color) => {
    const user = await givenUser(gateway);
    await beat(user);
    await mutate("setStatus", { user: { id: user.globalId }, statusId });
    expect(await seen(user)).toMatchObject({ online: 1, status, color });
  });

  it("an online user whose status expired has the current status", async () => {
    const user = await givenUser(gateway);
    await beat(user);
    // Before the lease expires.
    const until = new Date(Date.now() + 1_800_000).toISOString();
    await mutate("setStatus", { user: { id: user.globalId }, statusId: 2, until });
    expect(await seen(user)).toMatchObject({ status: 1, color: "red" });
    await letEnd(gateway, user);
    expect(await seen(user)).toMatchObject({ status: 0, color: "green" });
  });

  it("an online user has their last view", async () => {
    const user = await givenUser(gateway);
    await beat(user);
    expect(await seen(user)).toMatchObject({ lastview: "" });
    await beat(user, { module: "support", view: "getticket", target: "ticketid|17" });
    expect(await seen(user)).toMatchObject({
      lastview: { m: "support", v: "getticket", t: "ticketid|17" },
    });
    await beat(user, { module: "support", view: "viewtickets" });
    expect(await seen(user)).toMatchObject({
      lastview: { m: "support", v: "viewtickets", t: "" },
    });
  });
});

describe("any user", () => {
  it("a record has plain text, empty for missing values", async () => {
    const plain = { firstname: `<b>"Søren" & Co.</b>`, lastname: "O'Malley" };
    const named = await givenUser(gateway, { ...plain, email: "soren@example.com" });
    const nameless = await givenUser(gateway);
    await beat(named);
    await beat(nameless);
    expect(await seen(named)).toMatchObject({
      name: `<b>"Søren" & Co.</b> O'Malley`,
      email: "soren@example.com",
    });
    expect(await seen(nameless)).toMatchObject({ name: nameless.username, email: "" });
  });

  it.each([
    ["STAFF", "staff"],
    ["CUSTOMER", "customer"],
  ] as const)("a user of kind %s is %s", async (kind, type) => {
    const user = await givenUser(gateway, { kind });
    await beat(user);
    expect(await seen(user)).toMatchObject({ type });
  });

  it("a record links to the user's page by their Clientexec id", async () => {
    const user = await givenUser(gateway);
    await beat(user);
    expect(await seen(user)).toMatchObject({ link: `/users/${user.clientexecId}` });
  });

  it.each([
    ["-1 minute", "0m"],
    ["30 seconds", "0m"],
    ["60 seconds", "1m"],
    ["59 minutes 30 seconds", "59m"],
    ["60 minutes", "1h 0m"],
    ["74 minutes", "1h 14m"],
    ["26 hours 5 minutes", "26h 5m"],
  ])("a duration of %s is shown as %s", async (interval, time) => {
    const [online, gone] = [await givenUser(gateway), await givenUser(gateway)];
    await beat(online);
    await setPresence(online, `online_since = now() - interval '${interval}'`);
    expect(await seen(online)).toMatchObject({ online: 1, time });
    await setPresence(gone, `last_seen_at = now() - interval '${interval}'`);
    const isRecent = interval !== "26 hours 5 minutes";
    expect((await seen(gone))?.time).toBe(isRecent ? time : undefined);
  });
});

describe("the online duration", () => {
  const backdate = (user: User) =>
    setPresence(user, `online_since = online_since - interval '10 minutes'`);

  it("the online duration continues with every heartbeat", async () => {
    const user = await givenUser(gateway);
    await beat(user);
    await backdate(user);
    await beat(user);
    expect(await seen(user)).toMatchObject({ online: 1, time: "10m" });
  });

  it("the online duration does not depend on the status", async () => {
    const user = await givenUser(gateway);
    await beat(user);
    await backdate(user);
    await mutate("setStatus", { user: { id: user.globalId }, statusId: 3 });
    expect(await seen(user)).toMatchObject({ online: 1, time: "10m" });
  });

  it("the online duration restarts after a silence longer than the lease", async () => {
    const user = await givenUser(gateway);
    await beat(user);
    await backdate(user);
    await setPresence(user, `lease_until = now() - interval '1 second'`);
    await beat(user);
    expect(await seen(user)).toMatchObject({ online: 1, time: "0m" });
  });

  it("the online duration restarts after a deactivation", async () => {
    const user = await givenUser(gateway);
    await beat(user);
    await backdate(user);
    await mutate("deactivateUser", { user: { id: user.globalId } });
    expect(await seen(user)).toMatchObject({ online: 0 });
    await mutate("updateUser", { user: { id: user.globalId }, active: true });
    await beat(user);
    expect(await seen(user)).toMatchObject({ online: 1, time: "0m" });
  });
});
