import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenUser } from "../support/given.js";
import {
  type SubscriptionClient,
  subscriptionClients,
  type Transport,
} from "../support/subscription-client.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { mutate, granted } from "../rules/graphql-client-calls.js";
import { statusTransportOf } from "../rules/transports.js";
import { subscribe, nextEvent, type Topic } from "./subscribe.js";

const BUSY = 2;

let a: TestGateway;
let b: SecondGateway;
let admin: string;
beforeAll(async () => {
  a = await startTestGateway();
  b = await startSecondGateway(a);
  admin = await a.givenKey("ADMIN");
});
afterAll(async () => {
  await b.stop();
  await a.stop();
});

describe.each(Object.keys(subscriptionClients) as Transport[])("over %s", (transport) => {
  let atB: SubscriptionClient;
  beforeAll(() => {
    atB = subscriptionClients[transport](b.url, admin);
  });
  afterAll(() => atB.dispose());

  const changeAtA = async (mutation: string, input: object) =>
    granted(await mutate(a, admin, mutation, input));

  it.each<[topic: Topic, mutation: string, input: object, event: object]>([
    ["presenceChanged", "setStatus", { statusId: BUSY }, { presence: { status: { id: BUSY } } }],
    ["userChanged", "updateUser", { firstname: "Ada" }, { user: { firstname: "Ada" } }],
    ["settingsChanged", "updateUserSettings", { maxChats: 7 }, { settings: { maxChats: 7 } }],
    [
      "reservationChanged",
      "reserveUserForLiveChannel",
      { channel: "phone" },
      { reservation: { state: "HELD" } },
    ],
  ])("%s is emitted at one gateway after %s at another", async (topic, mutation, input, event) => {
    const { globalId: id } = await givenAgent(a);
    if (topic === "reservationChanged") {
      await changeAtA("setStatus", { user: { id }, statusId: 1 });
    }
    const userIds = [id];
    const variables = topic === "presenceChanged" ? { filter: { userIds } } : { userIds };
    const subscription = await subscribe(b, atB, topic, variables);
    await changeAtA(mutation, { user: { id }, ...input });
    expect(await nextEvent(subscription)).toMatchObject({ gap: false, ...event });
    subscription.stop();
  });

  it("tabRefreshed is emitted at one gateway after refreshTab at another", async () => {
    const tabId = `tab_${transport}`;
    const subscription = await subscribe(b, atB, "tabRefreshed", { tabId });
    await changeAtA("refreshTab", { tabId });
    expect(await nextEvent(subscription)).toMatchObject({ tabId });
    subscription.stop();
  });

  it("a change by a legacy REST API at one gateway is emitted to a subscriber at another", async () => {
    const user = await givenUser(a);
    const filter = { userIds: [user.globalId] };
    const subscription = await subscribe(b, atB, "presenceChanged", { filter });
    await statusTransportOf("OMNIDESK", a, admin).setStatus(user, BUSY);
    expect(await nextEvent(subscription)).toMatchObject({
      cause: "setStatus",
      presence: { status: { id: BUSY }, user: { id: user.globalId } },
    });
    subscription.stop();
  });
});
