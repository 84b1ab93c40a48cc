import { eventually } from "../support/eventually.js";
import type { TestGateway } from "../support/gateway.js";
import type { Follower, LiveClient } from "../support/live-client.js";

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

export function subscriptionOf(topic: Topic): string {
  const names = Object.entries(PARAMETERS[topic]);
  const declared = names.map(([name, type]) => `$${name}: ${type}`).join(", ");
  const given = names.map(([name]) => `${name}: $${name}`).join(", ");
  return `subscription (${declared}) { ${topic}(${given}) { ${SELECTIONS[topic]} } }`;
}

/** Follows, and is sure to be told of whatever happens from when this has resolved. */
export const following = (
  gateway: Pick<TestGateway, "services">,
  client: LiveClient,
  topic: Topic,
  variables: Record<string, unknown> = {},
): Promise<Follower> => followingBy(gateway, client, subscriptionOf(topic), variables);

/** The same by a document of one's own. */
export async function followingBy(
  { services }: Pick<TestGateway, "services">,
  client: LiveClient,
  document: string,
  variables: Record<string, unknown> = {},
): Promise<Follower> {
  const before = services.subscriptions.subscribers.total;
  const follower = client.follow(document, variables);
  await eventually(() =>
    services.subscriptions.subscribers.total > before
      ? Promise.resolve()
      : Promise.reject(new Error("nobody follows yet")),
  );
  return follower;
}

export interface EventTold {
  readonly cursor: string;
  readonly gap: boolean;
  readonly [field: string]: unknown;
}

/** The event alone, from the next answer. */
export async function nextEvent(follower: Follower): Promise<EventTold> {
  const { data, errors } = await follower.next();
  if (!data) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0] as EventTold;
}

export const refusalOf = async (follower: Follower): Promise<string | undefined> => {
  try {
    const { errors } = await follower.next();
    return errors?.[0]?.extensions.code;
  } catch (error) {
    // graphql-ws tells a refused document by ending the subscription with the errors.
    if (Array.isArray(error))
      return (error as { extensions: { code: string } }[])[0]?.extensions.code;
    throw error;
  }
};
