import { eventually } from "../support/eventually.js";
import type { TestGateway } from "../support/gateway.js";
import type { Subscription, SubscriptionClient } from "../support/subscription-client.js";

const SELECTIONS = {
  presenceChanged: `cursor gap cause previousStatus { id }
    presence { status { id } online lock { reason } user { id username } }`,
  userChanged: `cursor gap cause user { id username firstname groups { name } }`,
  settingsChanged: `cursor gap user { id } settings { maxChats callsAutoAnswer }`,
  reservationChanged: `cursor gap reservation { id state channel user { id } }`,
  tabRefreshed: `cursor gap tabId`,
} as const;
export type Topic = keyof typeof SELECTIONS;

const PARAMETERS: Record<Topic, Record<string, string>> = {
  presenceChanged: { filter: "PresenceFilter", after: "Cursor" },
  userChanged: { userIds: "[ID!]", after: "Cursor" },
  settingsChanged: { userIds: "[ID!]", after: "Cursor" },
  reservationChanged: { userIds: "[ID!]", after: "Cursor" },
  tabRefreshed: { tabId: "String!" },
};

export function documentOf(topic: Topic): string {
  const names = Object.entries(PARAMETERS[topic]);
  const declared = names.map(([name, type]) => `$${name}: ${type}`).join(", ");
  const given = names.map(([name]) => `${name}: $${name}`).join(", ");
  return `subscription (${declared}) { ${topic}(${given}) { ${SELECTIONS[topic]} } }`;
}

/** Resolves when the subscription has started: it receives every later event. */
export const subscribe = (
  gateway: Pick<TestGateway, "services">,
  client: SubscriptionClient,
  topic: Topic,
  variables: Record<string, unknown> = {},
): Promise<Subscription> => subscribeWith(gateway, client, documentOf(topic), variables);

/** `subscribe` with any document. */
export async function subscribeWith(
  { services }: Pick<TestGateway, "services">,
  client: SubscriptionClient,
  document: string,
  variables: Record<string, unknown> = {},
): Promise<Subscription> {
  const before = services.subscriptions.subscribers.total;
  const subscription = client.subscribe(document, variables);
  await eventually(() =>
    services.subscriptions.subscribers.total > before
      ? Promise.resolve()
      : Promise.reject(new Error("the subscription has not started")),
  );
  return subscription;
}

export interface ReceivedEvent {
  readonly cursor: string;
  readonly gap: boolean;
  readonly [field: string]: unknown;
}

/** The event in the next result. @throws Error when the result has errors */
export async function nextEvent(subscription: Subscription): Promise<ReceivedEvent> {
  const { data, errors } = await subscription.next();
  if (!data) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0] as ReceivedEvent;
}

export const errorCodeOf = async (subscription: Subscription): Promise<string | undefined> => {
  try {
    const { errors } = await subscription.next();
    return errors?.[0]?.extensions.code;
  } catch (error) {
    // graphql-ws ends the subscription of a refused document by throwing its errors.
    if (Array.isArray(error))
      return (error as { extensions: { code: string } }[])[0]?.extensions.code;
    throw error;
  }
};
