import { fromEventCursor, toEventCursor } from "../../src/domain/event-cursor.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { type Message, openSignedIn, type RawSocket, subscribeTo } from "../support/raw-socket.js";
import { openRawStream } from "../support/raw-stream.js";
import type { EventTold } from "./following.js";

const MANY = Array.from({ length: 90 }, (_, i) => `a${i}: user { id username displayName }`);
/** Some 10 kB for each event. */
const QUERY = `subscription ($after: Cursor) { userChanged(after: $after) { cursor gap ${MANY.join(" ")} } }`;
/** More than the network between takes. */
const ROUNDS_MAX = 1000;

// Megabytes have to go through before a network is full.
jest.setTimeout(60_000);

let gateway: TestGateway;
let secret: string;
const people: string[][] = [[], []];
beforeAll(async () => {
  gateway = await startTestGateway({ LIVE_QUEUE_MAX: "10", LIVE_STALL_TIMEOUT_MS: "500" });
  secret = await gateway.givenKey("USER_READ");
  for (const some of people) {
    for (let i = 0; i < 6; i++) some.push((await givenUser(gateway)).globalId);
  }
});
afterAll(() => gateway.stop());

const followers = () => gateway.services.subscriptions.subscribers.now;

const whenFollowing = (count: number) =>
  eventually(() => {
    expect(followers()).toBe(count);
    return Promise.resolve();
  });

/** Things happen, and somebody who reads is told of each, until it is enough. */
async function happenUntil(reader: RawSocket, isEnough: () => boolean): Promise<void> {
  for (let round = 0; !isEnough(); round++) {
    if (round > ROUNDS_MAX) throw new Error("never enough");
    const subjects = people[round % 2] ?? [];
    await gateway.dataSource.query(
      `WITH told AS (
         INSERT INTO events (topic, subject, payload)
         SELECT 'userChanged', subject, '{"cause": "updateUser"}' FROM unnest($1::text[]) AS subject)
       SELECT pg_notify('rollcall_events', '')`,
      [subjects],
    );
    for (let told = 0; told < subjects.length; told++) {
      expect(await reader.next()).toMatchObject({ type: "next" });
    }
  }
}

const eventOf = ({ payload }: Message): EventTold =>
  (payload as { data: { userChanged: EventTold } }).data.userChanged;

/** The cursors of the last event of each person. */
async function latestAfter(id: number): Promise<string[]> {
  const rows = await gateway.dataSource.query<{ id: string }[]>(
    `SELECT max(id) AS id FROM events WHERE id > $1 GROUP BY subject ORDER BY max(id)`,
    [id],
  );
  return rows.map((row) => toEventCursor(Number(row.id)));
}

async function reading(count: number): Promise<RawSocket> {
  const raw = await openSignedIn(gateway.url, secret);
  raw.send(subscribeTo("1", QUERY));
  await whenFollowing(count);
  return raw;
}

it("a socket that takes nothing does not keep others waiting, is told to come back, and then all that it missed, however slowly it takes that", async () => {
  const reader = await reading(1);
  const slow = await reading(2);
  slow.socket.pause();
  await happenUntil(reader, () => followers() === 1);
  slow.socket.resume();
  // The second when it has taken nothing for so long that it was cut off before it could read the first.
  expect([1013, 1006]).toContain((await slow.closed).code);
  let after: string | undefined;
  for (;;) {
    const message = await slow.next().catch(() => null);
    if (message === null) break;
    after = eventOf(message).cursor;
  }
  const missed = fromEventCursor(after ?? "") ?? 0;
  const back = await openSignedIn(gateway.url, secret);
  back.send(subscribeTo("1", QUERY, { after }));
  await whenFollowing(2);
  back.socket.pause();
  let rounds = 0;
  // More than may wait for a subscriber.
  await happenUntil(reader, () => ++rounds > 20);
  back.socket.resume();
  const latest = await latestAfter(missed);
  const told: EventTold[] = [];
  while (told.at(-1)?.cursor !== latest.at(-1)) told.push(eventOf(await back.next()));
  const places = told.map(({ cursor }) => fromEventCursor(cursor) ?? 0);
  expect(told.filter(({ gap }) => gap)).toEqual([]);
  expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
  expect(told.map(({ cursor }) => cursor)).toEqual(expect.arrayContaining(latest));
  for (const { socket } of [reader, back]) socket.close();
  await whenFollowing(0);
});

it("a stream that takes nothing is broken off, while others are told", async () => {
  const reader = await reading(1);
  const stream = await openRawStream(gateway.url, secret, { body: { query: QUERY } });
  await whenFollowing(2);
  await happenUntil(reader, () => followers() === 1);
  await eventually(() => {
    expect(gateway.connections.count).toBe(1);
    return Promise.resolve();
  });
  await expect(stream.rest()).rejects.toThrow("aborted");
  reader.socket.close();
  await whenFollowing(0);
});
