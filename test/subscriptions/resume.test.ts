import { system } from "../../src/domain/actor.js";
import { fromEventCursor, toEventCursor } from "../../src/domain/event-cursor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser, uniqueName } from "../support/given.js";
import { type LiveClient, liveClients, type Transport } from "../support/live-client.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import {
  type EventTold,
  following,
  nextEvent,
  refusalOf,
  subscriptionOf,
  type Topic,
} from "./following.js";

const [AVAILABLE, BUSY, AWAY] = [1, 2, 3];
const QUEUE_MAX = 50;
/** More than a page of what is read at once, too. */
const FAR_MORE = 12 * QUEUE_MAX;
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

const told = ({ globalId: id }: User, statusId: number) => ({
  gap: false,
  presence: { status: { id: statusId }, user: { id } },
});

/** The cursor behind everything that has happened. */
async function presentCursor(): Promise<string> {
  const [row] = await gateway.dataSource.query<[{ id: string }]>(
    `SELECT max(id) AS id FROM events`,
  );
  return toEventCursor(Number(row.id));
}

describe.each(Object.keys(liveClients) as Transport[])("over %s", (transport) => {
  let client: LiveClient;
  beforeAll(() => {
    client = liveClients[transport](gateway.url, admin);
  });
  afterAll(() => client.dispose());

  /** Two people, of whom one follower was told and then went away. */
  async function givenInterrupted() {
    const [ann, bob] = [await givenUser(gateway), await givenUser(gateway)];
    const filter = { userIds: [ann.globalId, bob.globalId] };
    const follower = await following(gateway, client, "presenceChanged", { filter });
    await setStatus(ann, AVAILABLE);
    const { cursor } = await nextEvent(follower);
    follower.stop();
    return { ann, bob, variables: { filter, after: cursor } };
  }

  it("who comes back is told what happened meanwhile, of each person the latest, and then what happens", async () => {
    const { ann, bob, variables } = await givenInterrupted();
    await setStatus(ann, BUSY);
    await setStatus(bob, BUSY);
    await setStatus(ann, AWAY);
    await setStatus(ann, AVAILABLE);
    const follower = await following(gateway, client, "presenceChanged", variables);
    await setStatus(bob, AWAY);
    const events = [await nextEvent(follower), await nextEvent(follower)];
    // Bob's first may have waited long enough for the second to take its place.
    if (!events.some(({ presence }) => isOf(presence, bob, AWAY))) {
      events.push(await nextEvent(follower));
    }
    expect(events.filter(({ presence }) => isOf(presence, ann))).toMatchObject([
      told(ann, AVAILABLE),
    ]);
    expect(events.at(-1)).toMatchObject(told(bob, AWAY));
    follower.stop();
  });

  it("another process goes on from the same place, though it has never read the events before", async () => {
    const { ann, bob, variables } = await givenInterrupted();
    await setStatus(ann, BUSY);
    await setStatus(bob, BUSY);
    const second = await startSecondGateway(gateway);
    const elsewhere = liveClients[transport](second.url, admin);
    const follower = await following(second, elsewhere, "presenceChanged", variables);
    expect(await nextEvent(follower)).toMatchObject(told(ann, BUSY));
    const { cursor, ...last } = await nextEvent(follower);
    expect(last).toMatchObject(told(bob, BUSY));
    const later = await following(second, elsewhere, "presenceChanged", {
      ...variables,
      after: cursor,
    });
    await setStatus(ann, AWAY);
    expect(await nextEvent(later)).toMatchObject(told(ann, AWAY));
    elsewhere.dispose();
    await second.stop();
  });

  it("who comes back is shown how things are by then, not how they were for those who were there", async () => {
    const group = await gateway.services.catalogue.createGroup(actor, { name: uniqueName() });
    const user = await givenUser(gateway, { groupIds: [group.globalId] });
    const { globalId: id } = user;
    const after = await presentCursor();
    const present = await following(gateway, client, "userChanged", { userIds: [id] });
    await gateway.services.users.update(actor, { user: { id }, firstname: "Ada" });
    expect(await nextEvent(present)).toMatchObject({ user: { groups: [{ name: group.name }] } });
    const name = uniqueName();
    await gateway.services.catalogue.updateGroup(actor, { id: group.globalId, name });
    const late = await following(gateway, client, "userChanged", { userIds: [id], after });
    expect(await nextEvent(late)).toMatchObject({ user: { firstname: "Ada", groups: [{ name }] } });
    present.stop();
    late.stop();
  });

  it("who begins with an empty cursor is told at once that it is time to read, and misses nothing since", async () => {
    const user = await givenUser(gateway);
    const filter = { userIds: [user.globalId] };
    const follower = client.follow(subscriptionOf("presenceChanged"), { filter, after: "" });
    const { cursor, ...begin } = await nextEvent(follower);
    expect(begin).toEqual({ gap: true, cause: "gap", presence: null, previousStatus: null });
    await setStatus(user, BUSY);
    expect(await nextEvent(follower)).toMatchObject(told(user, BUSY));
    follower.stop();
    // It is a cursor like any other.
    const again = client.follow(subscriptionOf("presenceChanged"), { filter, after: cursor });
    expect(await nextEvent(again)).toMatchObject(told(user, BUSY));
    again.stop();
  });

  it.each(["the process that knows them", "one that reads them from the table"])(
    "who has missed far more than may wait is told each once and in order by %s, while more happens",
    async (where) => {
      const isElsewhere = where !== "the process that knows them";
      // It knows what it has read for somebody.
      if (!isElsewhere) await following(gateway, client, "tabRefreshed", { tabId: "any" });
      const after = await presentCursor();
      await happen(FAR_MORE);
      const second = isElsewhere ? await startSecondGateway(gateway, SETTINGS) : null;
      const its = second ? liveClients[transport](second.url, admin) : client;
      const follower = its.follow(PLACES, { after });
      const told: EventTold[] = [];
      for (let more = 0; more < 3; more++) {
        for (let i = 0; i < FAR_MORE / 4; i++) told.push(await nextEvent(follower));
        await happen(QUEUE_MAX / 5);
      }
      const cursors = (await idsAfter(after)).map(toEventCursor);
      while (told.at(-1)?.cursor !== cursors.at(-1)) told.push(await nextEvent(follower));
      expect(told).toEqual(cursors.map((cursor) => ({ cursor, gap: false })));
      follower.stop();
      if (second) its.dispose();
      await second?.stop();
    },
  );

  it.each(["nothing", "ZXZlbnQ6MDA3", `${toEventCursor(1)}!`])(
    "%j is the cursor of no event",
    async (after) => {
      const follower = client.follow(subscriptionOf("presenceChanged"), { after });
      expect(await refusalOf(follower)).toBe("BAD_USER_INPUT");
    },
  );

  describe("what cannot be told any more is said to be missing, before what happens then:", () => {
    const nothing = { gap: true, cursor: expect.any(String) as string };
    const gaps: Partial<Record<Topic, object>> = {
      presenceChanged: { ...nothing, cause: "gap", previousStatus: null, presence: null },
      userChanged: { ...nothing, cause: "gap", user: null },
      settingsChanged: { ...nothing, user: null, settings: null },
      reservationChanged: { ...nothing, reservation: null },
    };
    const topics = Object.keys(gaps) as Topic[];

    it.each(topics)("a cursor of %s from the future", async (topic) => {
      const after = toEventCursor(999_999_999);
      const follower = await following(gateway, client, topic, { after });
      expect(await nextEvent(follower)).toEqual(gaps[topic]);
      follower.stop();
    });

    it("pruned ones", async () => {
      const after = await presentCursor();
      const user = await givenUser(gateway);
      await setStatus(user, BUSY);
      await gateway.dataSource.query(
        `UPDATE events SET created_at = created_at - interval '61 minutes'`,
      );
      await gateway.services.subscriptions.prune();
      // What was pruned may still be in the memory of whoever has read it: another process has not.
      const second = await startSecondGateway(gateway);
      const elsewhere = liveClients[transport](second.url, admin);
      await expectGap(second, elsewhere, after);
      elsewhere.dispose();
      await second.stop();
    });

    async function expectGap(
      at: TestGateway | SecondGateway,
      its: LiveClient,
      after: string,
    ): Promise<void> {
      const follower = await following(at, its, "userChanged", { after });
      const { cursor, ...gap } = await nextEvent(follower);
      expect({ cursor, ...gap }).toEqual(gaps.userChanged);
      const user = await givenUser(gateway);
      expect(await nextEvent(follower)).toMatchObject({ gap: false, user: { id: user.globalId } });
      follower.stop();
      const again = await following(at, its, "userChanged", { after: cursor });
      expect(await nextEvent(again)).toMatchObject({ gap: false, user: { id: user.globalId } });
      again.stop();
    }
  });
});

const PLACES = `subscription ($after: Cursor) { userChanged(after: $after) { cursor gap } }`;

let happened = 0;

/** Changes of people of whom each has only one. They are not there (any more), so nothing is to be read for them. */
async function happen(count: number): Promise<void> {
  happened += count;
  const subjects = Array.from({ length: count }, (_, i) => toGlobalId("User", 1e6 + happened - i));
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

interface PresenceTold {
  readonly status: { readonly id: number };
  readonly user: { readonly id: string };
}

function isOf(presence: unknown, { globalId }: User, statusId?: number): boolean {
  const { status, user } = presence as PresenceTold;
  return user.id === globalId && (statusId === undefined || status.id === statusId);
}
