import { system } from "../../src/domain/actor.js";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenSignedIn, givenUser } from "../support/given.js";
import { type LiveClient, liveClients, type Transport } from "../support/live-client.js";
import { type EventTold, following, nextEvent, refusalOf, subscriptionOf } from "./following.js";

const [AVAILABLE, BUSY, AWAY, OFFLINE] = [1, 2, 3, 4];
const actor = system("test");

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  // Who came online in one test goes offline in none.
  gateway = await startTestGateway({ ROLLCALL_LEASE_SECONDS: "3600" });
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const byId = ({ globalId: id }: User) => ({ id });
const setStatus = (user: User, statusId: number) =>
  gateway.services.presence.setStatus(actor, { user: byId(user), statusId });

describe.each(Object.keys(liveClients) as Transport[])("over %s", (transport) => {
  let client: LiveClient;
  const connect = (secret: string | null) => liveClients[transport](gateway.url, secret);
  beforeAll(() => {
    client = connect(admin);
  });
  afterAll(() => client.dispose());

  it("a change of status is told with what was before and what is now", async () => {
    const user = await givenUser(gateway);
    const follower = await following(gateway, client, "presenceChanged", {
      filter: { userIds: [user.globalId] },
    });
    await setStatus(user, BUSY);
    expect(await nextEvent(follower)).toEqual({
      cursor: expect.any(String) as string,
      gap: false,
      cause: "setStatus",
      previousStatus: { id: OFFLINE },
      presence: {
        status: { id: BUSY },
        online: false,
        lock: null,
        user: { id: user.globalId, username: user.username },
      },
    });
    follower.stop();
  });

  it("what else a presence shows is told as well, and the status before only where it was another", async () => {
    const user = await givenUser(gateway);
    await setStatus(user, BUSY);
    const follower = await following(gateway, client, "presenceChanged", {
      filter: { userIds: [user.globalId] },
    });
    await gateway.services.presence.lockStatus(actor, {
      user: byId(user),
      statusId: BUSY,
      reason: "review",
    });
    expect(await nextEvent(follower)).toMatchObject({
      cause: "lockStatus",
      previousStatus: null,
      presence: { lock: { reason: "review" } },
    });
    follower.stop();
  });

  it.each<[what: string, filter: object, (user: User) => Promise<unknown>]>([
    ["a class", { statusClass: ["AVAILABLE"] }, (user) => setStatus(user, AVAILABLE)],
    ["a status", { statusId: AVAILABLE }, (user) => setStatus(user, AVAILABLE)],
    [
      "the locked",
      { locked: true },
      (user) =>
        gateway.services.presence.lockStatus(actor, { user: byId(user), statusId: OFFLINE }),
    ],
    [
      "the online",
      { online: true },
      (user) => gateway.services.presence.heartbeat(actor, { user: byId(user) }),
    ],
    ["customers", { kind: "CUSTOMER" }, (user) => setStatus(user, BUSY)],
  ])("who watches %s is told who comes in, and of nobody else", async (_, filter, comeIn) => {
    const stranger = await givenUser(gateway);
    const user = await givenUser(gateway, "kind" in filter ? { kind: "CUSTOMER" } : {});
    const follower = await following(gateway, client, "presenceChanged", { filter });
    await setStatus(stranger, AWAY);
    await comeIn(user);
    expect(await nextEvent(follower)).toMatchObject({ presence: { user: { id: user.globalId } } });
    follower.stop();
  });

  it("who watches a class is told who leaves it, and who watches a group of its members", async () => {
    const group = await gateway.services.catalogue.createGroup(actor, { name: `g ${transport}` });
    const user = await givenUser(gateway, { groupIds: [group.globalId] });
    await setStatus(user, AVAILABLE);
    const follower = await following(gateway, client, "presenceChanged", {
      filter: { statusClass: ["AVAILABLE"], groupId: group.globalId },
    });
    const stranger = await givenUser(gateway);
    await setStatus(stranger, AVAILABLE);
    await setStatus(user, AWAY);
    await setStatus(user, BUSY);
    await setStatus(user, AVAILABLE);
    const left = await nextEvent(follower);
    expect(left).toMatchObject({ previousStatus: { id: AVAILABLE } });
    const back = await nextEvent(follower);
    expect(back).toMatchObject({
      previousStatus: { id: BUSY },
      presence: { status: { id: AVAILABLE } },
    });
    follower.stop();
  });

  it("users, settings, reservations and tabs are told of, each to who asked", async () => {
    const agent = await givenAgent(gateway);
    await setStatus(agent, AVAILABLE);
    const userIds = [agent.globalId];
    const { services } = gateway;
    const tabId = `tab_${transport}`;
    const changes: [Parameters<typeof following>[2], () => Promise<unknown>, object][] = [
      [
        "userChanged",
        () => services.users.update(actor, { user: byId(agent), firstname: "Ada" }),
        { cause: "updateUser", user: { id: agent.globalId, firstname: "Ada" } },
      ],
      [
        "settingsChanged",
        () => services.settings.update(actor, { user: byId(agent), maxChats: 7 }),
        { user: { id: agent.globalId }, settings: { maxChats: 7 } },
      ],
      [
        "reservationChanged",
        () => services.reservations.reserve(actor, { user: byId(agent), channel: "phone" }),
        { reservation: { state: "HELD", channel: "phone", user: { id: agent.globalId } } },
      ],
      ["tabRefreshed", () => services.tabs.refresh(actor, { tabId }), { tabId }],
    ];
    for (const [topic, change, told] of changes) {
      const variables = topic === "tabRefreshed" ? { tabId } : { userIds };
      const follower = await following(gateway, client, topic, variables);
      await change();
      expect(await nextEvent(follower)).toMatchObject({ gap: false, ...told });
      follower.stop();
    }
  });

  it("events of one person come in the order in which they happened", async () => {
    const user = await givenUser(gateway);
    const follower = await following(gateway, client, "userChanged", {
      userIds: [user.globalId],
    });
    const told: EventTold[] = [];
    for (const firstname of ["A", "B", "C", "D"]) {
      await gateway.services.users.update(actor, { user: byId(user), firstname });
      told.push(await nextEvent(follower));
    }
    expect(told.map(({ user }) => (user as User).firstname)).toEqual(["A", "B", "C", "D"]);
    follower.stop();
  });

  it("who may not read others follows themself, and has to say so", async () => {
    const { user, secret } = await givenSignedIn(gateway);
    const own = connect(secret);
    const everybody = own.follow(subscriptionOf("presenceChanged"));
    expect(await refusalOf(everybody)).toBe("FORBIDDEN");
    const follower = await following(gateway, own, "presenceChanged", {
      filter: { userIds: [user.globalId] },
    });
    await setStatus(user, BUSY);
    // Having connected, they may be told first that they are online.
    let told = await nextEvent(follower);
    if (told["cause"] === "heartbeat") told = await nextEvent(follower);
    expect(told).toMatchObject({ presence: { status: { id: BUSY } } });
    // Nobody else is to be told of it later.
    await eventually(async () => {
      const [row] = await gateway.dataSource.query<{ online: boolean }[]>(
        `SELECT lease_until IS NOT NULL AS online FROM presences WHERE user_id = $1`,
        [user.id],
      );
      expect(row).toEqual({ online: true });
    });
    own.dispose();
  });

  it.each<[what: string, query: string, code: string]>([
    ["a query", `{ viewer { permissions } }`, "BAD_REQUEST"],
    ["a mutation", `mutation { logout { ok } }`, "BAD_REQUEST"],
    [
      "an unknown field",
      `subscription { presenceChanged { nothing } }`,
      "GRAPHQL_VALIDATION_FAILED",
    ],
    ["a broken text", `subscription {`, "GRAPHQL_PARSE_FAILED"],
    [
      "somebody else's cursor",
      `subscription { presenceChanged(after: "nothing") { cursor } }`,
      "BAD_USER_INPUT",
    ],
    [
      "a bad name of a tab",
      `subscription { tabRefreshed(tabId: "a b") { cursor } }`,
      "BAD_USER_INPUT",
    ],
  ])("%s is refused", async (_, query, code) => {
    expect(await refusalOf(client.follow(query))).toBe(code);
  });
});
