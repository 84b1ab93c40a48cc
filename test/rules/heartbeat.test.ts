import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn, givenUser } from "../support/given.js";
import { letEnd } from "../support/let-end.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";

const BUSY = 2;
const LEASE_MS = 3_600_000;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway({ ROLLCALL_LEASE_SECONDS: String(LEASE_MS / 1000) });
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const see = (user: User) => seePresence(gateway, secret, user);

const beat = (user: User, input: object = {}) =>
  mutate(
    gateway,
    secret,
    "heartbeat",
    { user: { id: user.globalId }, ...input },
    "presence { online lastSeenAt }",
  );

it("a heartbeat makes the user online and available for one lease", async () => {
  const user = await givenUser(gateway);
  expect(await see(user)).toMatchObject({ online: false, lastSeenAt: null });
  await beat(user);
  const { lastSeenAt, ...seen } = await see(user);
  expect(seen).toMatchObject({
    status: { class: "AVAILABLE" },
    source: "CONNECTION",
    since: lastSeenAt,
    until: new Date(Date.parse(lastSeenAt ?? "") + LEASE_MS).toISOString(),
    online: true,
    configuredStatus: null,
  });
});

it("the next heartbeat renews the lease without a status change", async () => {
  const user = await givenUser(gateway);
  await beat(user);
  const first = await see(user);
  await beat(user);
  const second = await eventually(async () => {
    const seen = await see(user);
    expect(Date.parse(seen.until ?? "")).toBeGreaterThan(Date.parse(first.until ?? ""));
    return seen;
  });
  expect(second.since).toBe(first.since);
  expect(await storedPresence(gateway, user)).toMatchObject({ history: [{ cause: "heartbeat" }] });
});

it("a heartbeat does not change the chosen status", async () => {
  const user = await givenUser(gateway);
  await mutate(gateway, secret, "setStatus", { user: { id: user.globalId }, statusId: BUSY });
  await beat(user);
  expect(await see(user)).toMatchObject({
    status: { id: BUSY },
    source: "MANUAL",
    until: null,
    online: true,
  });
});

it("the last view stays until a heartbeat reports another one", async () => {
  const user = await givenUser(gateway);
  const ticket = { module: "support", view: "getticket", target: "ticketid|105792" };
  await beat(user, { lastView: ticket });
  expect((await see(user)).lastView).toEqual(ticket);
  await beat(user);
  expect((await see(user)).lastView).toEqual(ticket);
  await beat(user, { lastView: { module: "설정", view: "프로필" } });
  expect((await see(user)).lastView).toEqual({ module: "설정", view: "프로필", target: null });
});

it.each([
  ["module", { module: "", view: "v" }],
  ["view", { module: "m", view: "v\u0000" }],
  ["target", { module: "m", view: "v", target: "x".repeat(101) }],
])(
  "a heartbeat whose view has an invalid %s is refused and renews no lease",
  async (field, lastView) => {
    const user = await givenUser(gateway);
    expect(await beat(user, { lastView })).toMatchObject(
      refusal("BAD_USER_INPUT", { fields: [{ path: `lastView.${field}` }] }),
    );
    expect((await see(user)).online).toBe(false);
  },
);

it("a heartbeat of a signed-in user needs no user argument", async () => {
  const { user, secret: session } = await givenSignedIn(gateway);
  granted(await mutate(gateway, session, "heartbeat", {}));
  expect((await see(user)).online).toBe(true);
});

it("a heartbeat by an API key without an owner must name the user", async () => {
  expect(await mutate(gateway, secret, "heartbeat", {})).toMatchObject(
    refusal("BAD_USER_INPUT", { fields: [{ path: "user" }] }),
  );
});

it("the list of online users holds exactly the connected ones", async () => {
  const [online, offline] = [await givenUser(gateway), await givenUser(gateway)];
  await beat(online);
  const document = `query ($online: Boolean!, $ids: [ID!]!) {
    presences(filter: { online: $online, userIds: $ids }) { edges { node { user { id } } } } }`;
  const listed = async (isOnline: boolean) => {
    const ids = [online.globalId, offline.globalId];
    const answer = await gateway.ask(secret, document, { online: isOnline, ids });
    const { edges } = granted<{ edges: { node: { user: { id: string } } }[] }>(answer);
    return edges.map(({ node }) => node.user.id);
  };
  expect(await listed(true)).toEqual([online.globalId]);
  expect(await listed(false)).toEqual([offline.globalId]);
});

it("without a heartbeat the user is offline after one lease, last seen at the last heartbeat", async () => {
  const silent = await givenUser(gateway);
  await beat(silent);
  const { online, lastSeenAt } = await see(silent);
  expect(online).toBe(true);
  const since = await letEnd(gateway, silent);
  expect(await see(silent)).toMatchObject({
    online: false,
    status: { class: "OFFLINE" },
    source: "CONNECTION",
    since,
    until: null,
    lastSeenAt,
  });
});
