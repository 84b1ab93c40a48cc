import { Client } from "pg";
import { system } from "../../src/domain/actor.js";
import type { User } from "../../src/entities/user.entity.js";
import { readMetrics, valueOf } from "../metrics/scrape.js";
import { eventually } from "../support/eventually.js";
import { type GraphQLAnswer, startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser, uniqueName } from "../support/given.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { mutate } from "./graphql-client-calls.js";
import { blockedPids, untilAllWait, untilBlocked } from "./held-up.js";
import { isConsistent, seeHistory } from "./seen-history.js";
import { storedPresence } from "./stored-presence.js";
import { writtenOf } from "./written-changes.js";

const BUSY = 2;
const AWAY = 3;
const WRAP_UP = 6;
const UNKNOWN = 99;
const METRICS_TOKEN = "token-of-the-metrics-0123456789abcdefgh";

let gateway: TestGateway;
let proxy: TcpProxy;
let secret: string;
/** Connects without the proxy and the gateway. */
let direct: Client;

beforeAll(async () => {
  gateway = await startTestGateway(async (url) => {
    direct = new Client({ connectionString: url });
    await direct.connect();
    const way = await TcpProxy.beforeUrl(url);
    proxy = way.proxy;
    return {
      DATABASE_URL: way.url,
      DATABASE_STATEMENT_TIMEOUT_MS: "60000",
      METRICS_TOKEN,
      LOG_LEVEL: "silent",
    };
  });
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(async () => {
  await gateway.stop();
  await direct.end();
  await proxy.close();
});

// Releases the locks of a failed test.
afterEach(() => direct.query(`ROLLBACK`));

/** Creates at least two users. */
const given = (count: number) =>
  Promise.all(Array.from({ length: count }, () => givenUser(gateway))) as Promise<
    [User, User, ...User[]]
  >;

const set = ({ globalId }: User, statusId = BUSY, more: object = {}, by = secret) =>
  mutate(gateway, by, "setStatus", { user: { id: globalId }, statusId, ...more }, "applied");

const APPLIED = { data: { setStatus: { applied: true } } };
const UNAVAILABLE = { status: 503, errors: [{ extensions: { code: "SERVICE_UNAVAILABLE" } }] };

const blocked = (count: number) => untilBlocked(direct, count);

/** Resolves when this many requests are in flight. */
const inFlight = (count: number) =>
  eventually(async () => {
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    const metrics = await (await fetch(`${gateway.url}/metrics`, { headers })).text();
    const value = valueOf(readMetrics(metrics), "rollcall_requests_in_flight");
    expect(value).toBeGreaterThanOrEqual(count);
  });

const holdWrites = () => direct.query(`BEGIN; LOCK TABLE status_changes IN SHARE MODE`);
const letWrite = () => direct.query(`ROLLBACK`);

/** Sends all calls while an earlier batch is blocked, so that they form the next batch. */
async function together(...calls: (() => Promise<GraphQLAnswer>)[]): Promise<GraphQLAnswer[]> {
  const others = await given(2);
  await holdWrites();
  const held: Promise<GraphQLAnswer>[] = [];
  for (const other of others) {
    held.push(set(other));
    await blocked(held.length);
  }
  const answers = Promise.all(calls.map((call) => call()));
  await inFlight(held.length + calls.length);
  await untilAllWait(direct, gateway);
  await letWrite();
  for (const answer of await Promise.all(held)) expect(answer).toMatchObject(APPLIED);
  return answers;
}

async function countAudits(users: readonly User[]): Promise<number[]> {
  const counts = [];
  for (const user of users) counts.push((await writtenOf(direct, user)).audits.length);
  return counts;
}

it("changes of different users are each made once, audited under their caller, and share transactions", async () => {
  const count = 30;
  const users = await given(count);
  const keys = [
    { name: "test key 2", secret: await gateway.givenKey("USER_CUD") },
    { name: "test key 3", secret: await gateway.givenKey("USER_CUD") },
  ] as const;
  const keyOf = (i: number) => keys[i % 2 === 0 ? 0 : 1];
  const statusOf = (i: number) => (i % 3) + 1;
  const answers = await together(
    ...users.map((user, i) => () => set(user, statusOf(i), {}, keyOf(i).secret)),
  );
  const transactions = new Set<string>();
  for (const [i, user] of users.entries()) {
    const answer = answers[i];
    expect(answer).toMatchObject(APPLIED);
    const { audits, history, events } = await writtenOf(direct, user);
    const [{ transaction = "" } = {}] = audits;
    transactions.add(transaction);
    const actor = keyOf(i).name;
    const requestId = answer?.headers.get("x-request-id");
    expect(audits).toEqual([{ actor, requestId, transaction }]);
    expect(history).toEqual([{ actor, door: "GRAPHQL", to: statusOf(i) }]);
    expect(events).toEqual([{ to: statusOf(i), cause: "setStatus" }]);
  }
  expect(transactions.size).toBeLessThan(count / 2);
});

it("a refused change in a batch writes nothing, and the others are made", async () => {
  const [locked, deactivated, ...granted] = await given(5);
  const refusedToo = await givenUser(gateway);
  await mutate(gateway, secret, "lockStatus", { user: { id: locked.globalId }, statusId: AWAY });
  await mutate(gateway, secret, "deactivateUser", { user: { id: deactivated.globalId } });
  const nobody = Object.assign(await givenUser(gateway), { id: 999_999 });
  const faults: [User, () => Promise<GraphQLAnswer>][] = [
    [locked, () => set(locked)],
    [deactivated, () => set(deactivated)],
    [refusedToo, () => set(refusedToo, UNKNOWN)],
    [refusedToo, () => set(refusedToo, WRAP_UP)],
    [refusedToo, () => set(refusedToo, BUSY, { until: new Date(0) })],
    [nobody, () => set(nobody)],
  ];
  const stored = () => Promise.all(faults.map(([user]) => storedPresence(gateway, user)));
  const alone = [];
  for (const [, call] of faults) alone.push((await call()).errors);
  expect(alone.map((errors) => errors?.[0]?.extensions.code)).toEqual([
    "STATUS_LOCKED",
    "CONFLICT",
    "NOT_FOUND",
    "BAD_USER_INPUT",
    "BAD_USER_INPUT",
    "NOT_FOUND",
  ]);
  const before = await stored();
  const answers = await together(
    ...granted.map((user) => () => set(user)),
    ...faults.map(([, call]) => call),
  );
  const refused = answers.splice(granted.length);
  expect(refused.map(({ errors }) => errors)).toEqual(alone);
  expect(await stored()).toEqual(before);
  for (const answer of answers) expect(answer).toMatchObject(APPLIED);
  for (const user of granted)
    expect((await writtenOf(direct, user)).history).toMatchObject([{ to: BUSY }]);
});

it("changes of one user in a batch are all made, each from the state before it", async () => {
  const [user, other] = await given(2);
  const statuses = Array.from({ length: 9 }, (_, i) => (i % 3) + 1);
  const answers = await together(...statuses.map((statusId) => () => set(user, statusId)), () =>
    set(other),
  );
  for (const answer of answers) expect(answer).toMatchObject(APPLIED);
  const { audits } = await writtenOf(direct, user);
  expect(audits).toHaveLength(statuses.length);
  expect(new Set(audits.map(({ transaction }) => transaction)).size).toBe(statuses.length);
  expect(isConsistent(await seeHistory(gateway, secret, user, { first: 100 }))).toBe(true);
});

it("a row locked by another transaction delays only its own change, which is made afterwards", async () => {
  const [busy, renamed, ...others] = await given(5);
  await direct.query(`BEGIN`);
  await direct.query(`SELECT FROM presences WHERE user_id = $1 FOR UPDATE`, [busy.id]);
  await direct.query(`SELECT FROM users WHERE id = $1 FOR UPDATE`, [renamed.id]);
  const waiting = [set(busy), set(renamed)];
  for (const answer of await Promise.all(others.map((user) => set(user)))) {
    expect(answer).toMatchObject(APPLIED);
  }
  await blocked(2);
  // Repeatedly, also when no others are left.
  for (const user of others) expect(await set(user, AWAY)).toMatchObject(APPLIED);
  await direct.query(`ROLLBACK`);
  for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject(APPLIED);
  expect(await countAudits([busy, renamed])).toEqual([1, 1]);
});

it("a status can be chosen while its catalogue row is being changed", async () => {
  const user = await givenUser(gateway);
  await direct.query(`
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(2); RETURN NEW; END $$;
    CREATE TRIGGER dawdle BEFORE UPDATE ON statuses FOR EACH ROW EXECUTE FUNCTION dawdle();
    SELECT pg_advisory_lock(2)`);
  const admin = await gateway.givenKey("ADMIN");
  const changing = mutate(gateway, admin, "updateStatus", { id: BUSY, color: "#123456" });
  await blocked(1);
  expect(await set(user)).toMatchObject(APPLIED);
  expect(await blockedPids(direct)).toHaveLength(1);
  await direct.query(`SELECT pg_advisory_unlock(2); DROP TRIGGER dawdle ON statuses`);
  expect((await changing).errors).toBeUndefined();
});

/** Changes these users in one batch. The database refuses the history of the first with this SQLSTATE. */
async function togetherWithUnlucky(users: readonly [User, ...User[]], sqlState: string) {
  await direct.query(`
    CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE 'not this one' USING ERRCODE = '${sqlState}'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON status_changes FOR EACH ROW
      WHEN (NEW.user_id = ${users[0].id}) EXECUTE FUNCTION refuse()`);
  const answers = await together(...users.map((user) => () => set(user)));
  await direct.query(`DROP TRIGGER refuse ON status_changes`);
  return answers;
}

it.each([
  ["refuses a change", "P0001", "INTERNAL_SERVER_ERROR"],
  ["times out on a change", "57014", "SERVICE_UNAVAILABLE"],
  ["aborts a deadlocked change", "40P01", "SERVICE_UNAVAILABLE"],
])("when the database %s of a batch, only that change fails", async (_how, sqlState, code) => {
  const users = await given(5);
  const before = await storedPresence(gateway, users[0]);
  const [failed, ...answers] = await togetherWithUnlucky(users, sqlState);
  expect(failed?.errors).toMatchObject([{ extensions: { code } }]);
  expect(await storedPresence(gateway, users[0])).toEqual(before);
  for (const answer of answers) expect(answer).toMatchObject(APPLIED);
  expect(await countAudits(users)).toEqual([0, 1, 1, 1, 1]);
});

it("a full disk fails every change of the batch without a retry and without a partial write", async () => {
  const users = await given(3);
  for (const answer of await togetherWithUnlucky(users, "53100")) {
    expect(answer).toMatchObject(UNAVAILABLE);
  }
  expect(await countAudits(users)).toEqual([0, 0, 0]);
});

it("a request with an Idempotency-Key beside others is executed once", async () => {
  const [keyed, other] = await given(2);
  const key = { "idempotency-key": uniqueName("key") };
  const document = `mutation ($input: SetStatusInput!) { setStatus(input: $input) { applied } }`;
  const once = () =>
    gateway.ask(secret, document, { input: { user: { id: keyed.globalId }, statusId: BUSY } }, key);
  const answers = await together(once, () => set(other), once);
  for (const answer of answers) expect(answer).toMatchObject(APPLIED);
  expect(await once()).toMatchObject(APPLIED);
  expect(await countAudits([keyed])).toEqual([1]);
});

it("a change past its deadline is refused and rolled back, and the others are made", async () => {
  const users = await given(3);
  const outOfTime = users[1];
  const { presence } = gateway.services;
  const settled = await Promise.allSettled(
    users.map((user) => {
      const actor = { ...system("late"), ...(user === outOfTime ? { deadline: 0 } : {}) };
      return presence.setStatus(actor, { user: { id: user.globalId }, statusId: BUSY });
    }),
  );
  expect(settled).toMatchObject([
    { value: { applied: true } },
    { reason: { code: "SERVICE_UNAVAILABLE" } },
    { value: { applied: true } },
  ]);
  expect(await countAudits(users)).toEqual([1, 0, 1]);
});

it("a connection terminated during a batch fails its changes without a partial write", async () => {
  const users = await given(8);
  const stored = () => Promise.all(users.map((user) => storedPresence(gateway, user)));
  const before = await stored();
  await holdWrites();
  let isOver = false;
  const asking = Promise.all(users.map((user) => set(user))).finally(() => (isOver = true));
  while (!isOver) {
    await direct.query(`SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid`, [
      await blockedPids(direct),
    ]);
  }
  for (const answer of await asking) expect(answer).toMatchObject(UNAVAILABLE);
  await letWrite();
  expect(await stored()).toEqual(before);

  for (const answer of await Promise.all(users.map((user) => set(user)))) {
    expect(answer).toMatchObject(APPLIED);
  }
  for (const user of users) {
    const { audits, history, events } = await writtenOf(direct, user);
    expect([audits, history, events].map(({ length }) => length)).toEqual([1, 1, 1]);
  }
});

it("a connection lost during COMMIT is not retried, whether or not the commit succeeded", async () => {
  const users = await given(5);
  await direct.query(`
    CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON status_changes
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger();
    SELECT pg_advisory_lock(1)`);
  const asking = Promise.all(users.map((user) => set(user)));
  await inFlight(users.length);
  await blocked(1);
  proxy.dropConnections();
  await direct.query(`SELECT pg_advisory_unlock(1)`);
  const isApplied = (await asking).map(({ errors }) => !errors);
  // Waits for the statements in flight.
  await direct.query(`DROP TRIGGER linger ON status_changes`);
  const counts = await countAudits(users);
  expect(isApplied).toContain(false);
  expect(counts.some((count, i) => count === 1 && !isApplied[i])).toBe(true);
  for (const [i, count] of counts.entries()) expect([1, isApplied[i] ? 1 : 0]).toContain(count);
});
