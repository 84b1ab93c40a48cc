import { AVAILABLE_STATUS_ID, OFFLINE_STATUS_ID } from "../../src/domain/status.js";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn, givenUser } from "../support/given.js";
import { statusTransportOf, statusTransportNames } from "./transports.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import { letEnd } from "../support/let-end.js";
import { askHistory, chainOf, isConsistent, seeHistory } from "./seen-history.js";

const BUSY = 2;
const AWAY = 3;
const PAUSE = 5;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const history = (user: User, page: object = {}) => seeHistory(gateway, secret, user, page);

const change = async (mutation: string, user: User, input: object = {}, by = secret) =>
  granted(await mutate(gateway, by, mutation, { user: { id: user.globalId }, ...input }));

/** Creates a user with a history of these statuses. */
async function givenPast(...statusIds: number[]): Promise<User> {
  const user = await givenUser(gateway);
  for (const statusId of statusIds) await change("setStatus", user, { statusId });
  return user;
}

const inSeconds = (seconds: number): string => new Date(Date.now() + 1000 * seconds).toISOString();

it.each(statusTransportNames)(
  "%s: a status change records from, to, cause, actor and API",
  async (name) => {
    const user = await givenUser(gateway);
    await statusTransportOf(name, gateway, secret).setStatus(user, BUSY);
    await statusTransportOf(name, gateway, secret).lockStatus(user, AWAY);
    await statusTransportOf(name, gateway, secret).unlockStatus(user);
    const by = { actor: "test key 1", door: name };
    expect((await history(user)).edges.map(({ node }) => node)).toMatchObject([
      { from: { id: AWAY }, to: { id: BUSY }, source: "MANUAL", cause: "unlockStatus", ...by },
      { from: { id: BUSY }, to: { id: AWAY }, source: "LOCK", cause: "lockStatus", ...by },
      {
        from: { id: OFFLINE_STATUS_ID },
        to: { id: BUSY },
        source: "MANUAL",
        cause: "setStatus",
        ...by,
      },
    ]);
  },
);

it("a status change records the signed-in user and the last known call", async () => {
  const { user, secret: session } = await givenSignedIn(gateway);
  await change("setStatus", user, { statusId: BUSY, lastInternalCallId: 2_147_483_647 }, session);
  expect((await history(user)).edges[0]?.node).toMatchObject({
    actor: user.username,
    lastInternalCallId: "2147483647",
  });
});

it("a status change has the time of the presence's since", async () => {
  const user = await givenPast(BUSY);
  const answer = await gateway.ask(
    secret,
    `query ($id: ID!) { user(by: { id: $id }) { presence { since }
       statusHistory { edges { node { changedAt } } } } }`,
    { id: user.globalId },
  );
  const { presence, statusHistory } = granted<{
    presence: { since: string };
    statusHistory: { edges: { node: { changedAt: string } }[] };
  }>(answer);
  expect(statusHistory.edges[0]?.node.changedAt).toBe(presence.since);
});

it("an expiry is recorded by the system at its end time", async () => {
  const user = await givenPast(BUSY);
  await change("setStatus", user, { statusId: PAUSE, until: inSeconds(3600) });
  const changedAt = await letEnd(gateway, user);
  await eventually(async () => expect((await history(user)).totalCount).toBe(3));
  expect((await history(user)).edges[0]?.node).toEqual({
    from: { id: PAUSE },
    to: { id: BUSY },
    source: "MANUAL",
    cause: "expired",
    actor: "rollcall",
    door: "SYSTEM",
    changedAt,
    lastInternalCallId: null,
  });
});

it("a change that leaves the effective status as it is has no history entry", async () => {
  const user = await givenPast(BUSY, BUSY);
  await change("heartbeat", user);
  await change("reportTelephoneStatus", user, { telephoneStatus: "BUSY" });
  const until = new Date(Date.now() + 60_000).toISOString();
  await change("reportExternalStatus", user, { source: "calendar", statusId: AWAY, until });
  await change("lockStatus", user, { statusId: BUSY });
  await change("unlockStatus", user);
  expect(chainOf(await history(user))).toEqual([OFFLINE_STATUS_ID, BUSY]);
});

it("the status history has no gaps, whatever the causes", async () => {
  const user = await givenPast(BUSY, PAUSE);
  await change("lockStatus", user, { statusId: AWAY, until: inSeconds(30) });
  await change("heartbeat", user);
  await letEnd(gateway, user);
  await change("setStatus", await givenUser(gateway), { statusId: AWAY });
  await eventually(async () => expect((await history(user)).totalCount).toBe(4));
  await change("setStatus", user, { statusId: AVAILABLE_STATUS_ID });
  const seen = await history(user);
  expect(chainOf(seen)).toEqual([OFFLINE_STATUS_ID, BUSY, PAUSE, AWAY, PAUSE, AVAILABLE_STATUS_ID]);
  expect(isConsistent(seen)).toBe(true);
});

it("pages return every change once, newest first, also with a change in between", async () => {
  const user = await givenPast(BUSY, AWAY, PAUSE, BUSY, AWAY);
  const all = (await history(user)).edges.map(({ cursor }) => cursor);
  const paged: string[] = [];
  let page = await history(user, { first: 2 });
  expect(page.totalCount).toBe(5);
  await change("setStatus", user, { statusId: PAUSE });
  for (;;) {
    paged.push(...page.edges.map(({ cursor }) => cursor));
    if (!page.pageInfo.hasNextPage) break;
    page = await history(user, { first: 2, after: page.pageInfo.endCursor });
  }
  expect(paged).toEqual(all);
});

it("since: returns that change, all later ones and their count", async () => {
  const user = await givenPast(BUSY, AWAY, PAUSE);
  const since = (await history(user)).edges[1]?.node.changedAt;
  const seen = await history(user, { since, first: 1 });
  expect(seen).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
  const rest = await history(user, { since, after: seen.pageInfo.endCursor });
  expect(rest.edges.map(({ node }) => node.to.id)).toEqual([AWAY]);
  expect(rest.pageInfo.hasNextPage).toBe(false);
});

it("since in the future: returns nothing", async () => {
  const since = new Date(Date.now() + 60_000).toISOString();
  expect(await history(await givenPast(BUSY), { since })).toEqual({
    totalCount: 0,
    pageInfo: { hasNextPage: false, endCursor: null },
    edges: [],
  });
});

it("the histories of several users are separate", async () => {
  const people = [await givenPast(BUSY), await givenPast(AWAY, PAUSE), await givenPast()];
  const answer = await gateway.ask(
    secret,
    `query ($ids: [ID!]!) { nodes(ids: $ids) {
       ... on User { statusHistory(first: 1) { totalCount edges { node { to { id } } } } } } }`,
    { ids: people.map(({ globalId }) => globalId) },
  );
  expect(granted(answer)).toEqual([
    { statusHistory: { totalCount: 1, edges: [{ node: { to: { id: BUSY } } }] } },
    { statusHistory: { totalCount: 2, edges: [{ node: { to: { id: PAUSE } } }] } },
    { statusHistory: { totalCount: 0, edges: [] } },
  ]);
});

const cursorOf = (...parts: string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

it.each([
  ["no page size", "first", { first: 0 }],
  ["a page size beyond all bounds", "first", { first: 101 }],
  ["a cursor that is none", "after", { after: "nonsense" }],
  ["a cursor of another list", "after", { after: cursorOf("username", "ana") }],
  [
    "a cursor with a day that never was",
    "after",
    { after: cursorOf("history", "2030-02-30 10:00:00+00", "1") },
  ],
  [
    "a cursor with a time that never was",
    "after",
    { after: cursorOf("history", "2030-01-01 25:00:00+00", "1") },
  ],
  [
    "a cursor with an id that is none",
    "after",
    { after: cursorOf("history", "2030-01-01 10:00:00+00", "x") },
  ],
])("%s is refused", async (_, path, page) => {
  const user = await givenPast(BUSY);
  const { errors } = await askHistory(gateway, secret, user, page);
  expect(errors).toMatchObject(refusal("BAD_USER_INPUT", { fields: [{ path }] }).errors);
});
