import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import { letEnd } from "../support/let-end.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";

const BUSY = 2;
const AWAY = 3;
const PAUSE = 5;
const LOGGED_OUT = 7;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const fromNow = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
const LATER = fromNow(3_600_000);

const see = (user: User) => seePresence(gateway, secret, user);

const report = (user: User, source: string, statusId?: number, until: string | null = LATER) =>
  mutate(gateway, secret, "reportExternalStatus", {
    user: { id: user.globalId },
    source,
    ...(statusId === undefined ? {} : { statusId, until }),
  });

const setStatus = (user: User, statusId: number) =>
  mutate(gateway, secret, "setStatus", { user: { id: user.globalId }, statusId });

it("an external report is in effect until its end", async () => {
  const user = await givenUser(gateway);
  granted(await report(user, "calendar", BUSY));
  expect(await see(user)).toMatchObject({
    status: { id: BUSY },
    source: "EXTERNAL",
    until: LATER,
    configuredStatus: null,
  });
});

it("the next report of the same source replaces the one before", async () => {
  const user = await givenUser(gateway);
  await report(user, "calendar", BUSY);
  await report(user, "calendar", AWAY);
  expect((await see(user)).status.id).toBe(AWAY);
  await report(user, "calendar");
  expect(await see(user)).toMatchObject({ status: { class: "OFFLINE" }, source: "CONNECTION" });
});

it("of two sources the newer report is in effect, and each source withdraws only its own", async () => {
  const user = await givenUser(gateway);
  await report(user, "calendar", BUSY);
  await report(user, "telephone", AWAY);
  expect((await see(user)).status.id).toBe(AWAY);
  await report(user, "telephone");
  expect((await see(user)).status.id).toBe(BUSY);
  await report(user, "calendar");
  expect((await see(user)).source).toBe("CONNECTION");
});

it("withdrawing a report that does not exist changes nothing", async () => {
  const user = await givenUser(gateway);
  await report(user, "telephone", BUSY);
  const before = await storedPresence(gateway, user);
  granted(await report(user, "calendar"));
  expect(await storedPresence(gateway, user)).toEqual(before);
});

it("a chosen status outranks a report, even a newer one", async () => {
  const user = await givenUser(gateway);
  await setStatus(user, PAUSE);
  await report(user, "calendar", BUSY);
  expect(await see(user)).toMatchObject({ status: { id: PAUSE }, source: "MANUAL" });
});

it("a report outranks a connection", async () => {
  const user = await givenUser(gateway);
  await report(user, "calendar", BUSY);
  await mutate(gateway, secret, "heartbeat", { user: { id: user.globalId } });
  expect(await see(user)).toMatchObject({ status: { id: BUSY }, source: "EXTERNAL", online: true });
});

it("a report expires by itself", async () => {
  const user = await givenUser(gateway);
  granted(await report(user, "calendar", BUSY));
  const since = await letEnd(gateway, user);
  await eventually(async () => expect((await see(user)).source).toBe("CONNECTION"));
  expect(await see(user)).toMatchObject({ status: { class: "OFFLINE" }, since });
});

it("a system may report a status that is not selectable", async () => {
  const user = await givenUser(gateway);
  granted(await report(user, "telephone", LOGGED_OUT));
  expect((await see(user)).status.id).toBe(LOGGED_OUT);
});

it.each([
  ["without an end", "calendar", BUSY, null, "until"],
  ["with an end that has passed", "calendar", BUSY, "2020-01-01T00:00:00Z", "until"],
  ["with no id for a status", "calendar", 0, LATER, "statusId"],
  ["without a name for the source", "  ", BUSY, LATER, "source"],
  ["with a source of control characters", "cal\u0007endar", BUSY, LATER, "source"],
  ["with a source of half a character", "cal\udc00endar", BUSY, LATER, "source"],
])("a report %s is refused and changes nothing", async (_, source, statusId, until, path) => {
  const user = await givenUser(gateway);
  const before = await storedPresence(gateway, user);
  expect(await report(user, source, statusId, until)).toMatchObject(
    refusal("BAD_USER_INPUT", { fields: [{ path }] }),
  );
  expect(await storedPresence(gateway, user)).toEqual(before);
});

it("a report of an unknown status is refused and changes nothing", async () => {
  const user = await givenUser(gateway);
  const before = await storedPresence(gateway, user);
  expect(await report(user, "calendar", 99)).toMatchObject(
    refusal("NOT_FOUND", { entity: "Status", id: "99" }),
  );
  expect(await storedPresence(gateway, user)).toEqual(before);
});
