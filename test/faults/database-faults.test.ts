import { Client } from "pg";
import { eventually } from "../support/eventually.js";
import { readiness } from "../support/first-answer.js";
import { graphqlClient } from "../support/graphql-client.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import type { SecondGateway } from "../support/second-gateway.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { expectAnsweredEverywhere, expectRefusedEverywhere } from "./doors.js";
import { FullDisk } from "./full-disk.js";
import { HASTE, startHasty, withinMs } from "./hasty-gateway.js";

const POOL = 3;

/** With long timeouts: a request succeeds or fails because of the tested fault, however slow the machine is. */
let gateway: TestGateway;
/** With short timeouts, on the same database through the same proxy. */
let hasty: SecondGateway;
let proxy: TcpProxy;
let key: string;
/** Connects without the proxy. */
let direct: Client;

beforeAll(async () => {
  gateway = await startTestGateway(async (url) => {
    direct = new Client({ connectionString: url });
    await direct.connect();
    const way = await TcpProxy.beforeUrl(url);
    proxy = way.proxy;
    return { DATABASE_URL: way.url, LOG_LEVEL: "silent", ...withinMs(30_000, 30_000) };
  });
  hasty = await startHasty(gateway, { DATABASE_POOL_MAX: String(POOL), ...HASTE });
  key = await gateway.givenKey("ADMIN");
});
afterAll(async () => {
  await hasty.stop();
  await gateway.stop();
  await direct.end();
  await proxy.close();
});

afterEach(async () => {
  proxy.resume();
  await direct.query(`ROLLBACK`);
});

const ask = (query: string) => gateway.ask(key, query);
const creation = (username: string) =>
  `mutation { createUser(input: { username: "${username}" }) { user { username } } }`;
const create = (username: string) => ask(creation(username));

/** Creates a user through a gateway with these timeouts. */
async function createWithinMs(statement: number, answer: number, username: string) {
  const other = await startHasty(gateway, withinMs(statement, answer));
  const client = graphqlClient(other.url);
  const answered = await client.ask(key, creation(username));
  client.close();
  return { answered, stop: other.stop };
}

async function isKnown(username: string): Promise<boolean> {
  const { rows } = await direct.query(`SELECT 1 FROM users WHERE username = $1`, [username]);
  return rows.length > 0;
}

const unavailable = (path?: string) => ({
  status: 503,
  errors: [
    {
      message: "Service temporarily unavailable, retry later",
      ...(path === undefined ? {} : { path: [path] }),
      extensions: { code: "SERVICE_UNAVAILABLE", retryAfterSeconds: 1 },
    },
  ],
});

const expectAllWell = () => expectAnsweredEverywhere(hasty.url, key);
const knockEverywhere = () => expectRefusedEverywhere(hasty.url, key);

it("every API answers while the database works", expectAllWell);

it("on a full disk changes are refused, reads are answered and the gateway is ready", async () => {
  const disk = await FullDisk.under(direct, "users");
  proxy.dropConnections();
  await expectReadsAlone();

  disk.makeRoom();
  proxy.dropConnections();
  await eventually(async () => expect((await create("room.again")).status).toBe(200));
});

it("without its database every API says so in its own shape and recovers", async () => {
  proxy.cut();
  await knockEverywhere();
  proxy.resume();
  await expectAllWell();
});

it("while the database is silent every API responds in time, and it recovers with the database", async () => {
  proxy.stall();
  await knockEverywhere();
  proxy.resume();
  await expectAllWell();
});

it("with a slow database responses are slow, and requests past their deadline are refused in time", async () => {
  proxy.delay(50);
  expect(await ask(`{ groups { name } }`)).toMatchObject({ status: 200, data: { groups: [] } });
  proxy.delay(1200);
  await knockEverywhere();
  proxy.resume();
  await expectAllWell();
});

it("connections that break within transactions roll them back and are replaced", async () => {
  await direct.query(`BEGIN; LOCK TABLE users IN SHARE MODE`);
  const answers = Promise.all(["cut.one", "cut.two"].map(create));
  await waiting(2);
  proxy.dropConnections();
  for (const answer of await answers) expect(answer).toMatchObject(unavailable("createUser"));
  await direct.query(`ROLLBACK`);
  expect(await Promise.all(["cut.one", "cut.two"].map(isKnown))).toEqual([false, false]);
  expect(await create("cut.one")).toMatchObject({ status: 200 });
});

it("after the server terminates every connection, queries succeed on new ones", async () => {
  await direct.query(
    `SELECT pg_terminate_backend(pid, 25000) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await expectAllWell();
  await expectAnsweredEverywhere(gateway.url, key);
});

it("a statement that times out is refused and changes nothing", async () => {
  await direct.query(`BEGIN; LOCK TABLE users IN SHARE MODE`);
  const { answered, stop } = await createWithinMs(3000, 30_000, "too.slow");
  expect(answered).toMatchObject(unavailable("createUser"));
  await direct.query(`ROLLBACK`);
  await stop();
  expect(await isKnown("too.slow")).toBe(false);
});

it("with a full pool a request that waits too long is refused and the others are served", async () => {
  const taken = await Promise.all(
    Array.from({ length: POOL }, () =>
      eventually(async () => {
        const runner = hasty.dataSource.createQueryRunner();
        await runner.connect();
        return runner;
      }),
    ),
  );
  await knockEverywhere();
  for (const runner of taken) await runner.release();
  await expectAllWell();
});

it("a change past its deadline is rolled back", async () => {
  // Each statement meets its timeout, but all of them together exceed the deadline of the response.
  await direct.query(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(0.8); RETURN NEW; END $$`);
  const tables = ["users", "presences", "user_settings", "audit_records"];
  for (const table of tables) {
    await direct.query(`CREATE TRIGGER dawdle BEFORE INSERT ON ${table} EXECUTE FUNCTION dawdle()`);
  }
  const { answered, stop } = await createWithinMs(30_000, 2000, "nobody.waits");
  expect(answered).toMatchObject(unavailable());
  await eventually(async () => expect(await transactions()).toBe(0));
  await stop();
  for (const table of tables) await direct.query(`DROP TRIGGER dawdle ON ${table}`);
  expect(await isKnown("nobody.waits")).toBe(false);
});

it("on a read-only server changes are refused, reads are answered and the gateway is ready", async () => {
  await direct.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`,
  );
  proxy.dropConnections();
  await expectReadsAlone();

  await direct.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', current_database()); END $$`,
  );
  proxy.dropConnections();
  await eventually(async () => expect((await create("written.again")).status).toBe(200));
});

async function expectReadsAlone(): Promise<void> {
  await eventually(async () =>
    expect(await ask(`{ groups { name } }`)).toMatchObject({ status: 200, data: { groups: [] } }),
  );
  expect(await create("no.room")).toMatchObject(unavailable("createUser"));
  expect((await ask(`{ user(by: { username: "no.room" }) { id } }`)).data).toEqual({ user: null });
  expect(await readiness(gateway.url)).toBe(200);
}

it("a partly executed request is not returned as retryable", async () => {
  await direct.query(`CREATE FUNCTION fail_second() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.username = 'second' THEN RAISE 'full' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$`);
  await direct.query(
    `CREATE TRIGGER fail_second BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION fail_second()`,
  );
  const answer = await ask(`mutation {
    first: createUser(input: { username: "first" }) { user { username } }
    second: createUser(input: { username: "second" }) { user { username } } }`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("retry-after")).toBeNull();
  expect(answer.errors?.[0]).toMatchObject({
    path: ["second"],
    extensions: { code: "SERVICE_UNAVAILABLE" },
  });
  expect(await isKnown("first")).toBe(true);
});

const waiting = (count: number) =>
  eventually(async () => {
    await direct.query(`SELECT pg_stat_clear_snapshot()`);
    const { rows } = await direct.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(rows).toHaveLength(count);
  });

async function transactions(): Promise<number> {
  const { rows } = await direct.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`,
  );
  return rows.length;
}
