import { system } from "../../src/domain/actor.js";
import { createSchema } from "../../src/resolvers/schema.js";
import { subscribeWith, nextEvent } from "../subscriptions/subscribe.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { subscriptionClients, type Transport } from "../support/subscription-client.js";
import { blocksOf, readDoc, tableIn } from "./markdown.js";

const AVAILABLE = 1;
const BUSY = 2;
const actor = system("test");
const document = readDoc("docs/subscriptions.md");

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

it("docs/subscriptions.md lists every subscription with its arguments", () => {
  const fields = createSchema().getSubscriptionType()?.getFields() ?? {};
  const signatures = Object.values(fields).map(
    ({ name, args }) => `${name}(${args.map((arg) => arg.name).join(", ")})`,
  );
  const listed = tableIn(document).map(([signature]) => signature);
  expect(listed.sort()).toEqual(signatures.sort());
});

const examples = blocksOf(document).filter(({ language }) => language === "graphql");

it.each(Object.keys(subscriptionClients) as Transport[])(
  "the example of docs/subscriptions.md over %s receives users that enter and leave a filter, and resumes",
  async (transport) => {
    expect(examples).toHaveLength(1);
    const [{ text } = { text: "" }] = examples;
    const client = subscriptionClients[transport](gateway.url, await gateway.givenKey("USER_READ"));
    const { globalId: id, displayName } = await givenUser(gateway, { firstname: "Ada" });
    const setStatus = (statusId: number) =>
      gateway.services.presence.setStatus(actor, { user: { id }, statusId });
    const changed = (status: string, previous: string) => ({
      cursor: expect.any(String) as string,
      gap: false,
      cause: "setStatus",
      previousStatus: { name: previous },
      presence: { status: { name: status }, user: { id, displayName } },
    });

    const subscription = await subscribeWith(gateway, client, text);
    await setStatus(AVAILABLE);
    const event = await nextEvent(subscription);
    expect(event).toEqual(changed("Available", "Offline"));
    subscription.stop();
    await setStatus(BUSY);
    const again = await subscribeWith(gateway, client, text, { after: event.cursor });
    expect(await nextEvent(again)).toEqual(changed("Busy", "Available"));
    client.dispose();
  },
);
