import { system } from "../../src/domain/actor.js";
import { fromEventCursor, toEventCursor } from "../../src/domain/event-cursor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser, uniqueName } from "../support/given.js";
import {
  type SubscriptionClient,
  subscriptionClients,
  type Transport,
} from "../support/subscription-client.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import {
  type ReceivedEvent,
  subscribe,
  nextEvent,
  errorCodeOf,
  documentOf,
  type Topic,
} from "./subscribe.js";

const [AVAILABLE, BUSY, AWAY] = [1, 2, 3];
const QUEUE_MAX = 50;
/** More than a page of the replay, too. */
const MANY = 12 * QUEUE_MAX;
const SETTINGS = { LIVE_QUEUE_MAX: String(QUEUE_MAX), EVENT_RETENTION_HOURS: "1" };
const actor = system("test");

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway(SETTINGS);
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const setStatus = ({ globalId: id }: User, statusId: number) =>
  gateway.services.presence.setStatus(actor, { user: { id }, statusId });

const changed = ({ globalId: id }: User, statusId: number) => ({
  gap: false,
  presence: { status: { id: statusId }, user: { id } },
});

/** The cursor of the latest event. */
async function latestCursor(): Promise<string> {
  const [row] = await gateway.dataSource.query<[{ id: string }]>(
    `SELECT max(id) AS id FROM events`,
  );
  return toEventCursor(Number(row.id));
}

describe.each(Object.keys(subscriptionClients) as Transport[])("over %s", (transport) => {
  let client: SubscriptionClient;
  beforeAll(() => {
    client = subscriptionClients[transport](gateway.url, admin);
  });
  afterAll(() => client.dispose());

  /** Two users, and the variables to resume a stopped subscription to both. */
  async function givenInterrupted() {
    const [ann, bob] = [await givenUser(gateway), await givenUser(gateway)];
    const filter = { userIds: [ann.globalId, bob.globalId] };
    const subscription = await subscribe(gateway, client, "presenceChanged", { filter });
    await setStatus(ann, AVAILABLE);
    const { cursor } = await nextEvent(subscription);
    subscription.stop();
    return { ann, bob, variables: { filter, after: cursor } };
  }

  it("a subscriber that resumes receives the latest missed event of each user, and then new events", async () => {
    const { ann, bob, variables } = await givenInterrupted();
    await setStatus(ann, BUSY);
    await setStatus(bob, BUSY);
    await setStatus(ann, AWAY);
    await setStatus(ann, AVAILABLE);
    const subscription = await subscribe(gateway, client, "presenceChanged", variables);
    await setStatus(bob, AWAY);
    const events = [await nextEvent(subscription), await nextEvent(subscription)];
    // Bob's second event replaces the first if that is still queued.
    if (!events.some(({ presence }) => isOf(presence, bob, AWAY))) {
      events.push(await nextEvent(subscription));
    }
    expect(events.filter(({ presence }) => isOf(presence, ann))).toMatchObject([
      changed(ann, AVAILABLE),
    ]);
    expect(events.at(-1)).toMatchObject(changed(bob, AWAY));
    subscription.stop();
  });

  it("a subscriber resumes at another process, which has not read the events before", async () => {
    const { ann, bob, variables } = await givenInterrupted();
    await setStatus(ann, BUSY);
    await setStatus(bob, BUSY);
    const second = await startSecondGateway(gateway);
    const elsewhere = subscriptionClients[transport](second.url, admin);
    const subscription = await subscribe(second, elsewhere, "presenceChanged", variables);
    expect(await nextEvent(subscription)).toMatchObject(changed(ann, BUSY));
    const { cursor, ...last } = await nextEvent(subscription);
    expect(last).toMatchObject(changed(bob, BUSY));
    const later = await subscribe(second, elsewhere, "presenceChanged", {
      ...variables,
      after: cursor,
    });
    await setStatus(ann, AWAY);
    expect(await nextEvent(later)).toMatchObject(changed(ann, AWAY));
    elsewhere.dispose();
    await second.stop();
  });

  it("a subscriber that resumes receives the current state of a user, not that of the first emission", async () => {
    const group = await gateway.services.catalogue.createGroup(actor, { name: uniqueName() });
    const user = await givenUser(gateway, { groupIds: [group.globalId] });
    const { globalId: id } = user;
    const after = await latestCursor();
    const present = await subscribe(gateway, client, "userChanged", { userIds: [id] });
    await gateway.services.users.update(actor, { user: { id }, firstname: "Ada" });
    expect(await nextEvent(present)).toMatchObject({ user: { groups: [{ name: group.name }] } });
    const name = uniqueName();
    await gateway.services.catalogue.updateGroup(actor, { id: group.globalId, name });
    const late = await subscribe(gateway, client, "userChanged", { userIds: [id], after });
    expect(await nextEvent(late)).toMatchObject({ user: { firstname: "Ada", groups: [{ name }] } });
    present.stop();
    late.stop();
  });

  it("a subscriber with an empty cursor receives a gap immediately, and then every event", async () => {
    const user = await givenUser(gateway);
    const filter = { userIds: [user.globalId] };
    const subscription = client.subscribe(documentOf("presenceChanged"), { filter, after: "" });
    const { cursor, ...begin } = await nextEvent(subscription);
    expect(begin).toEqual({ gap: true, cause: "gap", presence: null, previousStatus: null });
    await setStatus(user, BUSY);
    expect(await nextEvent(subscription)).toMatchObject(changed(user, BUSY));
    subscription.stop();
    // The cursor of a gap can be resumed from.
    const again = client.subscribe(documentOf("presenceChanged"), { filter, after: cursor });
    expect(await nextEvent(again)).toMatchObject(changed(user, BUSY));
    again.stop();
  });

  it.each(["memory", "the table"])(
    "a subscriber receives missed events beyond its queue limit once and in order from %s, while new ones arrive",
    async (source) => {
      const isElsewhere = source === "the table";
      // A process reads the outbox from its first subscriber on.
      if (!isElsewhere) await subscribe(gateway, client, "tabRefreshed", { tabId: "any" });
      const after = await latestCursor();
      await writeEvents(MANY);
      const second = isElsewhere ? await startSecondGateway(gateway, SETTINGS) : null;
      const ownClient = second ? subscriptionClients[transport](second.url, admin) : client;
      const subscription = ownClient.subscribe(CURSORS, { after });
      const received: ReceivedEvent[] = [];
      for (let more = 0; more < 3; more++) {
        for (let i = 0; i < MANY / 4; i++) received.push(await nextEvent(subscription));
        await writeEvents(QUEUE_MAX / 5);
      }
      const cursors = (await idsAfter(after)).map(toEventCursor);
      while (received.at(-1)?.cursor !== cursors.at(-1))
        received.push(await nextEvent(subscription));
      expect(received).toEqual(cursors.map((cursor) => ({ cursor, gap: false })));
      subscription.stop();
      if (second) ownClient.dispose();
      await second?.stop();
    },
  );

  it.each(["nothing", "ZXZlbnQ6MDA3", `${toEventCursor(1)}!`])(
    "a subscription after %j, which is not a cursor, is refused with BAD_USER_INPUT",
    async (after) => {
      const subscription = client.subscribe(documentOf("presenceChanged"), { after });
      expect(await errorCodeOf(subscription)).toBe("BAD_USER_INPUT");
    },
  );

  describe("a gap", () => {
    const nothing = { gap: true, cursor: expect.any(String) as string };
    const gaps: Partial<Record<Topic, object>> = {
      presenceChanged: { ...nothing, cause: "gap", previousStatus: null, presence: null },
      userChanged: { ...nothing, cause: "gap", user: null },
      settingsChanged: { ...nothing, user: null, settings: null },
      reservationChanged: { ...nothing, reservation: null },
    };
    const topics = Object.keys(gaps) as Topic[];

    it.each(topics)(
      "a subscription to %s after a cursor above every id starts with a gap",
      async (topic) => {
        const after = toEventCursor(999_999_999);
        const subscription = await subscribe(gateway, client, topic, { after });
        expect(await nextEvent(subscription)).toEqual(gaps[topic]);
        subscription.stop();
      },
    );

    it("a subscription after a cursor whose successors are pruned starts with a gap, and then receives new events", async () => {
      const after = await latestCursor();
      const user = await givenUser(gateway);
      await setStatus(user, BUSY);
      await gateway.dataSource.query(
        `UPDATE events SET created_at = created_at - interval '61 minutes'`,
      );
      await gateway.services.subscriptions.prune();
      // This process may have pruned events in memory; another process has not.
      const second = await startSecondGateway(gateway);
      const elsewhere = subscriptionClients[transport](second.url, admin);
      await expectGap(second, elsewhere, after);
      elsewhere.dispose();
      await second.stop();
    });

    async function expectGap(
      at: TestGateway | SecondGateway,
      atClient: SubscriptionClient,
      after: string,
    ): Promise<void> {
      const subscription = await subscribe(at, atClient, "userChanged", { after });
      const { cursor, ...gap } = await nextEvent(subscription);
      expect({ cursor, ...gap }).toEqual(gaps.userChanged);
      const user = await givenUser(gateway);
      expect(await nextEvent(subscription)).toMatchObject({
        gap: false,
        user: { id: user.globalId },
      });
      subscription.stop();
      const again = await subscribe(at, atClient, "userChanged", { after: cursor });
      expect(await nextEvent(again)).toMatchObject({ gap: false, user: { id: user.globalId } });
      again.stop();
    }
  });
});

const CURSORS = `subscription ($after: Cursor) { userChanged(after: $after) { cursor gap } }`;

let written = 0;

/** Writes events of different users that do not exist, so that executing the events costs no statement. */
async function writeEvents(count: number): Promise<void> {
  written += count;
  const subjects = Array.from({ length: count }, (_, i) => toGlobalId("User", 1e6 + written - i));
  await gateway.dataSource.query(
    `INSERT INTO events (topic, subject, payload)
     SELECT 'userChanged', subject, '{"cause": "updateUser"}' FROM unnest($1::text[]) AS subject`,
    [subjects],
  );
}

async function idsAfter(cursor: string): Promise<number[]> {
  const rows = await gateway.dataSource.query<{ id: string }[]>(
    `SELECT id FROM events WHERE id > $1 AND topic = 'userChanged' ORDER BY id`,
    [fromEventCursor(cursor)],
  );
  return rows.map(({ id }) => Number(id));
}

interface ReceivedPresence {
  readonly status: { readonly id: number };
  readonly user: { readonly id: string };
}

function isOf(presence: unknown, { globalId }: User, statusId?: number): boolean {
  const { status, user } = presence as ReceivedPresence;
  return user.id === globalId && (statusId === undefined || status.id === statusId);
}
