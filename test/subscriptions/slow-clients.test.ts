import { fromEventCursor, toEventCursor } from "../../src/domain/event-cursor.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { type Message, openSignedIn, type RawSocket, subscribeTo } from "../support/raw-socket.js";
import { openRawStream } from "../support/raw-stream.js";
import type { ReceivedEvent } from "./subscribe.js";

const MANY = Array.from({ length: 90 }, (_, i) => `a${i}: user { id username displayName }`);
/** Some 10 kB for each event. */
const QUERY = `subscription ($after: Cursor) { userChanged(after: $after) { cursor gap ${MANY.join(" ")} } }`;
/** More than the network buffers. */
const ROUNDS_MAX = 1000;

// Megabytes have to be sent before the buffers of the network are full.
jest.setTimeout(60_000);

let gateway: TestGateway;
let secret: string;
const userIds: string[][] = [[], []];
beforeAll(async () => {
  gateway = await startTestGateway({ LIVE_QUEUE_MAX: "10", LIVE_STALL_TIMEOUT_MS: "500" });
  secret = await gateway.givenKey("USER_READ");
  for (const some of userIds) {
    for (let i = 0; i < 6; i++) some.push((await givenUser(gateway)).globalId);
  }
});
afterAll(() => gateway.stop());

const subscribers = () => gateway.services.subscriptions.subscribers.now;

const whenSubscribed = (count: number) =>
  eventually(() => {
    expect(subscribers()).toBe(count);
    return Promise.resolve();
  });

/** Writes events, each received by a client that reads, until a condition is met. */
async function writeEventsUntil(reader: RawSocket, isMet: () => boolean): Promise<void> {
  for (let round = 0; !isMet(); round++) {
    if (round > ROUNDS_MAX) throw new Error("the condition is never met");
    const subjects = userIds[round % 2] ?? [];
    await gateway.dataSource.query(
      `WITH written AS (
         INSERT INTO events (topic, subject, payload)
         SELECT 'userChanged', subject, '{"cause": "updateUser"}' FROM unnest($1::text[]) AS subject)
       SELECT pg_notify('rollcall_events', '')`,
      [subjects],
    );
    for (let i = 0; i < subjects.length; i++) {
      expect(await reader.next()).toMatchObject({ type: "next" });
    }
  }
}

const eventOf = ({ payload }: Message): ReceivedEvent =>
  (payload as { data: { userChanged: ReceivedEvent } }).data.userChanged;

/** The cursors of the latest event of each user. */
async function latestAfter(id: number): Promise<string[]> {
  const rows = await gateway.dataSource.query<{ id: string }[]>(
    `SELECT max(id) AS id FROM events WHERE id > $1 GROUP BY subject ORDER BY max(id)`,
    [id],
  );
  return rows.map((row) => toEventCursor(Number(row.id)));
}

async function openReader(count: number): Promise<RawSocket> {
  const raw = await openSignedIn(gateway.url, secret);
  raw.send(subscribeTo("1", QUERY));
  await whenSubscribed(count);
  return raw;
}

it("a socket that reads nothing is closed with 1013 without delaying others, and receives all missed events after it resumes", async () => {
  const reader = await openReader(1);
  const slow = await openReader(2);
  slow.socket.pause();
  await writeEventsUntil(reader, () => subscribers() === 1);
  slow.socket.resume();
  // 1006 when the connection was cut before the client could read the close frame.
  expect([1013, 1006]).toContain((await slow.closed).code);
  let after: string | undefined;
  for (;;) {
    const message = await slow.next().catch(() => null);
    if (message === null) break;
    after = eventOf(message).cursor;
  }
  const missed = fromEventCursor(after ?? "") ?? 0;
  const resumed = await openSignedIn(gateway.url, secret);
  resumed.send(subscribeTo("1", QUERY, { after }));
  await whenSubscribed(2);
  resumed.socket.pause();
  let rounds = 0;
  // More than the queue of a subscriber holds.
  await writeEventsUntil(reader, () => ++rounds > 20);
  resumed.socket.resume();
  const latest = await latestAfter(missed);
  const received: ReceivedEvent[] = [];
  while (received.at(-1)?.cursor !== latest.at(-1)) received.push(eventOf(await resumed.next()));
  const ids = received.map(({ cursor }) => fromEventCursor(cursor) ?? 0);
  expect(received.filter(({ gap }) => gap)).toEqual([]);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  expect(received.map(({ cursor }) => cursor)).toEqual(expect.arrayContaining(latest));
  for (const { socket } of [reader, resumed]) socket.close();
  await whenSubscribed(0);
});

it("an event stream that reads nothing is disconnected while others receive events", async () => {
  const reader = await openReader(1);
  const stream = await openRawStream(gateway.url, secret, { body: { query: QUERY } });
  await whenSubscribed(2);
  await writeEventsUntil(reader, () => subscribers() === 1);
  await eventually(() => {
    expect(gateway.connections.count).toBe(1);
    return Promise.resolve();
  });
  await expect(stream.rest()).rejects.toThrow("aborted");
  reader.socket.close();
  await whenSubscribed(0);
});
