import { system } from "../../src/domain/actor.js";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenSignedIn, givenUser } from "../support/given.js";
import {
  type SubscriptionClient,
  subscriptionClients,
  type Transport,
} from "../support/subscription-client.js";
import { type ReceivedEvent, subscribe, nextEvent, errorCodeOf, documentOf } from "./subscribe.js";

const [AVAILABLE, BUSY, AWAY, OFFLINE] = [1, 2, 3, 4];
const actor = system("test");

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  // A long lease, so that no user goes offline during the tests.
  gateway = await startTestGateway({ ROLLCALL_LEASE_SECONDS: "3600" });
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const byId = ({ globalId: id }: User) => ({ id });
const setStatus = (user: User, statusId: number) =>
  gateway.services.presence.setStatus(actor, { user: byId(user), statusId });

describe.each(Object.keys(subscriptionClients) as Transport[])("over %s", (transport) => {
  let client: SubscriptionClient;
  const connect = (secret: string | null) => subscriptionClients[transport](gateway.url, secret);
  beforeAll(() => {
    client = connect(admin);
  });
  afterAll(() => client.dispose());

  it("presenceChanged emits a change of status with the previous status and the current presence", async () => {
    const user = await givenUser(gateway);
    const subscription = await subscribe(gateway, client, "presenceChanged", {
      filter: { userIds: [user.globalId] },
    });
    await setStatus(user, BUSY);
    expect(await nextEvent(subscription)).toEqual({
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
    subscription.stop();
  });

  it("presenceChanged emits a lock without a previous status when the status does not change", async () => {
    const user = await givenUser(gateway);
    await setStatus(user, BUSY);
    const subscription = await subscribe(gateway, client, "presenceChanged", {
      filter: { userIds: [user.globalId] },
    });
    await gateway.services.presence.lockStatus(actor, {
      user: byId(user),
      statusId: BUSY,
      reason: "review",
    });
    expect(await nextEvent(subscription)).toMatchObject({
      cause: "lockStatus",
      previousStatus: null,
      presence: { lock: { reason: "review" } },
    });
    subscription.stop();
  });

  it.each<[what: string, filter: object, (user: User) => Promise<unknown>]>([
    ["a status class", { statusClass: ["AVAILABLE"] }, (user) => setStatus(user, AVAILABLE)],
    ["a status", { statusId: AVAILABLE }, (user) => setStatus(user, AVAILABLE)],
    [
      "locked presences",
      { locked: true },
      (user) =>
        gateway.services.presence.lockStatus(actor, { user: byId(user), statusId: OFFLINE }),
    ],
    [
      "online users",
      { online: true },
      (user) => gateway.services.presence.heartbeat(actor, { user: byId(user) }),
    ],
    ["customers", { kind: "CUSTOMER" }, (user) => setStatus(user, BUSY)],
  ])(
    "presenceChanged filtered by %s emits presences that start to match, and no others",
    async (_, filter, startToMatch) => {
      const stranger = await givenUser(gateway);
      const user = await givenUser(gateway, "kind" in filter ? { kind: "CUSTOMER" } : {});
      const subscription = await subscribe(gateway, client, "presenceChanged", { filter });
      await setStatus(stranger, AWAY);
      await startToMatch(user);
      expect(await nextEvent(subscription)).toMatchObject({
        presence: { user: { id: user.globalId } },
      });
      subscription.stop();
    },
  );

  it("presenceChanged filtered by class and group emits members that start or cease to match, and no others", async () => {
    const group = await gateway.services.catalogue.createGroup(actor, { name: `g ${transport}` });
    const user = await givenUser(gateway, { groupIds: [group.globalId] });
    await setStatus(user, AVAILABLE);
    const subscription = await subscribe(gateway, client, "presenceChanged", {
      filter: { statusClass: ["AVAILABLE"], groupId: group.globalId },
    });
    const stranger = await givenUser(gateway);
    await setStatus(stranger, AVAILABLE);
    await setStatus(user, AWAY);
    await setStatus(user, BUSY);
    await setStatus(user, AVAILABLE);
    const left = await nextEvent(subscription);
    expect(left).toMatchObject({ previousStatus: { id: AVAILABLE } });
    const back = await nextEvent(subscription);
    expect(back).toMatchObject({
      previousStatus: { id: BUSY },
      presence: { status: { id: AVAILABLE } },
    });
    subscription.stop();
  });

  it("each other subscription emits the events of its topic", async () => {
    const agent = await givenAgent(gateway);
    await setStatus(agent, AVAILABLE);
    const userIds = [agent.globalId];
    const { services } = gateway;
    const tabId = `tab_${transport}`;
    const changes: [Parameters<typeof subscribe>[2], () => Promise<unknown>, object][] = [
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
    for (const [topic, change, event] of changes) {
      const variables = topic === "tabRefreshed" ? { tabId } : { userIds };
      const subscription = await subscribe(gateway, client, topic, variables);
      await change();
      expect(await nextEvent(subscription)).toMatchObject({ gap: false, ...event });
      subscription.stop();
    }
  });

  it("events of one user are emitted in the order of the changes", async () => {
    const user = await givenUser(gateway);
    const subscription = await subscribe(gateway, client, "userChanged", {
      userIds: [user.globalId],
    });
    const received: ReceivedEvent[] = [];
    for (const firstname of ["A", "B", "C", "D"]) {
      await gateway.services.users.update(actor, { user: byId(user), firstname });
      received.push(await nextEvent(subscription));
    }
    expect(received.map(({ user }) => (user as User).firstname)).toEqual(["A", "B", "C", "D"]);
    subscription.stop();
  });

  it("a caller without USER_READ subscribes to itself, but only with a filter that names it", async () => {
    const { user, secret } = await givenSignedIn(gateway);
    const own = connect(secret);
    const unfiltered = own.subscribe(documentOf("presenceChanged"));
    expect(await errorCodeOf(unfiltered)).toBe("FORBIDDEN");
    const subscription = await subscribe(gateway, own, "presenceChanged", {
      filter: { userIds: [user.globalId] },
    });
    await setStatus(user, BUSY);
    // The first event may be that the connection has made the user online.
    let received = await nextEvent(subscription);
    if (received["cause"] === "heartbeat") received = await nextEvent(subscription);
    expect(received).toMatchObject({ presence: { status: { id: BUSY } } });
    // No later test receives that event.
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
    ["a document with a syntax error", `subscription {`, "GRAPHQL_PARSE_FAILED"],
    [
      "an invalid cursor",
      `subscription { presenceChanged(after: "nothing") { cursor } }`,
      "BAD_USER_INPUT",
    ],
    [
      "an invalid tab id",
      `subscription { tabRefreshed(tabId: "a b") { cursor } }`,
      "BAD_USER_INPUT",
    ],
  ])("a subscription with %s is refused", async (_, query, code) => {
    expect(await errorCodeOf(client.subscribe(query))).toBe(code);
  });
});
