import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { eventually } from "../../support/eventually.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { type SecondGateway, startSecondGateway } from "../../support/second-gateway.js";
import { directUrlOf } from "../../support/way-to-database.js";
import { insertCrowd } from "./crowd.js";
import { askAndReadNothing } from "./lazy-client.js";

/** More than the operating system buffers for a client that reads nothing. */
const PEOPLE = 25_000;
const ANSWER_BYTES = 5_500_000;
/** The size of a chunk of the response beyond Node's high-water mark. */
const BUFFERED_MAX = 100_000;

const POOL_MAX = 4;
const LONG_READERS_MAX = POOL_MAX / 2;
const USERS = "/rest/v1.0/1/users";
const ONLINE = "/api/v2/clients/users/usersonline";

let gateway: TestGateway;
/** A second gateway that soon disconnects a client that reads nothing. */
let hasty: SecondGateway;
/** A second gateway that waits for clients without a timeout. */
let patient: SecondGateway;
let key: string;
let answers: ServerResponse[];
let readers: Socket[];

const keep = (message: unknown) => {
  const { response } = message as { response: ServerResponse };
  answers.push(response);
};

beforeAll(async () => {
  gateway = await startTestGateway({
    DATABASE_POOL_MAX: String(POOL_MAX),
    LIST_WAIT_MS: "1000",
    LIST_STALL_TIMEOUT_MS: "60000",
  });
  hasty = await startSecondGateway(gateway, {
    DATABASE_POOL_MAX: String(POOL_MAX),
    LIST_STALL_TIMEOUT_MS: "1000",
  });
  patient = await startSecondGateway(gateway, {
    DATABASE_POOL_MAX: String(POOL_MAX),
    LIST_WAIT_MS: "60000",
    LIST_STALL_TIMEOUT_MS: "60000",
  });
  key = await gateway.givenKey("USER_READ");
  const { url = "" } = gateway.dataSource.options as { url?: string };
  await insertCrowd(directUrlOf(url), PEOPLE);
  subscribe("http.server.request.start", keep);
}, 60_000);
afterAll(async () => {
  unsubscribe("http.server.request.start", keep);
  await patient.stop();
  await hasty.stop();
  await gateway.stop();
});
beforeEach(() => {
  [answers, readers] = [[], []];
});
afterEach(() => {
  for (const reader of readers) reader.destroy();
});

const ask = (path: string, { url }: { url: string } = gateway) =>
  fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });

/** Starts the maximum number of reads, and waits until the gateway can send them no more. */
async function givenAllTurnsAreTaken({ url }: { url: string } = gateway): Promise<void> {
  for (const path of [USERS, ONLINE].slice(0, LONG_READERS_MAX)) {
    readers.push(await askAndReadNothing(url, path, key));
  }
  await eventually(() => {
    expect(answers.map((answer) => answer.writableNeedDrain)).toEqual(readers.map(() => true));
    return Promise.resolve();
  });
}

/** The number of reads by cursors, without the transactions of the sweeper. */
async function openSnapshots(): Promise<number> {
  const [row] = await gateway.dataSource.query<[{ open: number }]>(
    `SELECT count(*)::int AS open FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE 'FETCH %'`,
  );
  return row.open;
}

const expectNoSnapshot = () => eventually(async () => expect(await openSnapshots()).toBe(0));

it("a client that reads nothing buffers one piece of the response and occupies one slot", async () => {
  await givenAllTurnsAreTaken();

  const refused = Promise.all([ask(USERS), ask(ONLINE)]);
  const other = await ask(`${USERS}/user/1`);
  expect(other.status).toBe(200);
  const [jtel, clientexec] = await refused;
  const error = "Too many long lists are being read: try again later";
  expect(jtel.status).toBe(429);
  expect(jtel.headers.get("retry-after")).toBe("1");
  expect(await jtel.json()).toEqual({ status: 429, error });
  expect(clientexec.status).toBe(429);
  expect(clientexec.headers.get("retry-after")).toBe("1");
  expect(await clientexec.json()).toMatchObject({ message: error, success: false, failure: true });

  for (const answer of answers.slice(0, LONG_READERS_MAX)) {
    expect(answer.writableNeedDrain).toBe(true);
    expect(answer.writableLength).toBeLessThan(BUFFERED_MAX);
  }
  expect(await openSnapshots()).toBe(LONG_READERS_MAX);

  for (const reader of readers) reader.destroy();
  await expectNoSnapshot();
});

it("a client that reads nothing for too long is disconnected", async () => {
  for (const path of [USERS, ONLINE]) {
    readers.push(await askAndReadNothing(hasty.url, path, key));
  }
  await eventually(() => {
    expect(answers.map((answer) => answer.closed)).toEqual(readers.map(() => true));
    return Promise.resolve();
  });
  for (const reader of readers) {
    reader.resume();
    if (!reader.closed) await once(reader, "close");
    expect(reader.bytesRead).toBeLessThan(ANSWER_BYTES);
  }
  await expectNoSnapshot();
});

it("a list request waits for a free slot and is served when one is released", async () => {
  await givenAllTurnsAreTaken(patient);
  let isAnswered = false;
  const waiting = ask(USERS, patient).finally(() => (isAnswered = true));
  expect((await ask(`${USERS}/user/1`, patient)).status).toBe(200);
  expect(isAnswered).toBe(false);

  readers[0]?.destroy();
  const answer = await waiting;
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text.length).toBeGreaterThan(ANSWER_BYTES);
  expect(JSON.parse(text)).toMatchObject({ count: PEOPLE });
});

it("clients that disconnect while waiting or reading release their slots", async () => {
  const vanishing = Array.from({ length: 20 }, async (_, i) => {
    const reader = await askAndReadNothing(patient.url, i % 2 ? USERS : ONLINE, key);
    if (i % 4 < 2) await once(reader, "readable");
    reader.destroy();
  });
  await Promise.all(vanishing);
  await expectNoSnapshot();

  const lists = await Promise.all([ask(USERS, patient), ask(USERS, patient)]);
  expect(lists.map(({ status }) => status)).toEqual([200, 200]);
  for (const { body } of lists) await body?.cancel();
});
