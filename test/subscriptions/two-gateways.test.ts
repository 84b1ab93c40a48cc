import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenUser } from "../support/given.js";
import { type LiveClient, liveClients, type Transport } from "../support/live-client.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { mutate, granted } from "../rules/graphql-door.js";
import { doorOf } from "../rules/doors.js";
import { following, nextEvent, type Topic } from "./following.js";

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

describe.each(Object.keys(liveClients) as Transport[])("over %s", (transport) => {
  let atB: LiveClient;
  beforeAll(() => {
    atB = liveClients[transport](b.url, admin);
  });
  afterAll(() => atB.dispose());

  const changeAtA = async (mutation: string, input: object) =>
    granted(await mutate(a, admin, mutation, input));

  it.each<[topic: Topic, mutation: string, input: object, told: object]>([
    ["presenceChanged", "setStatus", { statusId: BUSY }, { presence: { status: { id: BUSY } } }],
    ["userChanged", "updateUser", { firstname: "Ada" }, { user: { firstname: "Ada" } }],
    ["settingsChanged", "updateUserSettings", { maxChats: 7 }, { settings: { maxChats: 7 } }],
    [
      "reservationChanged",
      "reserveUserForLiveChannel",
      { channel: "phone" },
      { reservation: { state: "HELD" } },
    ],
  ])(
    "%s tells a subscriber at one gateway of %s at another",
    async (topic, mutation, input, told) => {
      const { globalId: id } = await givenAgent(a);
      if (topic === "reservationChanged") {
        await changeAtA("setStatus", { user: { id }, statusId: 1 });
      }
      const userIds = [id];
      const variables = topic === "presenceChanged" ? { filter: { userIds } } : { userIds };
      const follower = await following(b, atB, topic, variables);
      await changeAtA(mutation, { user: { id }, ...input });
      expect(await nextEvent(follower)).toMatchObject({ gap: false, ...told });
      follower.stop();
    },
  );

  it("tabRefreshed tells a tab at one gateway of refreshTab at another", async () => {
    const tabId = `tab_${transport}`;
    const follower = await following(b, atB, "tabRefreshed", { tabId });
    await changeAtA("refreshTab", { tabId });
    expect(await nextEvent(follower)).toMatchObject({ tabId });
    follower.stop();
  });

  it("a change by an old REST API at one gateway is told to a subscriber at another", async () => {
    const user = await givenUser(a);
    const filter = { userIds: [user.globalId] };
    const follower = await following(b, atB, "presenceChanged", { filter });
    await doorOf("OMNIDESK", a, admin).setStatus(user, BUSY);
    expect(await nextEvent(follower)).toMatchObject({
      cause: "setStatus",
      presence: { status: { id: BUSY }, user: { id: user.globalId } },
    });
    follower.stop();
  });
});
