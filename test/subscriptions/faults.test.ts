import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { startEmbeddedPostgres } from "../../src/embedded-postgres/index.js";
import {
  build,
  BUILD_MS,
  cleanUp,
  givenDataDir,
  postgresIn,
  start,
} from "../process/gateway-process.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import type { Transport } from "../support/subscription-client.js";
import { startSecondGateway } from "../support/second-gateway.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { type ReceivedEvent } from "./subscribe.js";
import {
  type Endpoint,
  latestCursor,
  ResumingSubscriber,
  RetryingWriter,
} from "./fault-clients.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const TRANSPORTS: readonly Transport[] = ["WEB_SOCKET", "EVENT_STREAM"];
/** Changes before, during and after a fault. */
const SOME = 5;

let gateway: TestGateway;
beforeAll(async () => {
  await build();
  // The output would be full of expected errors.
  gateway = await startTestGateway({ LOG_LEVEL: "silent" });
  await gateway.services.apiKeys.ensure(ADMIN_KEY, { name: "faults", permissions: ["ADMIN"] });
}, BUILD_MS);
afterAll(async () => {
  cleanUp();
  await gateway.stop();
});

interface Run {
  readonly dataSource: DataSource;
  /** One writer for each; writers run concurrently. */
  readonly writeTo: readonly Endpoint[];
  readonly subscribeAt: Endpoint;
}

/**
 * Writes and subscribes during a fault. Afterwards, each acknowledged change was made once, and every subscriber
 * has received it once, in the order of the changes.
 */
async function expectNothingLost(
  { dataSource, writeTo, subscribeAt }: Run,
  fail: (more: (count: number) => Promise<unknown>) => Promise<void>,
): Promise<readonly ResumingSubscriber[]> {
  const after = await latestCursor(dataSource);
  const subscribers = TRANSPORTS.map(
    (each) => new ResumingSubscriber(each, subscribeAt, ADMIN_KEY, after),
  );
  const writers = writeTo.map((endpoint) => new RetryingWriter(endpoint, ADMIN_KEY));
  try {
    await eventually(() => isTrue(subscribers.every(({ received }) => received.length >= SOME)));
    await fail((count) => Promise.race(writers.map((writer) => writer.more(count))));
    await Promise.all(writers.map((writer) => writer.more(SOME)));
    await Promise.all(writers.map((writer) => writer.stop()));
    const created = writers.flatMap((writer) => writer.created);
    for (const { received } of subscribers) {
      await eventually(() => isTrue(received.length >= created.length));
      const names = received.map(usernameOf);
      expect(names).toHaveLength(created.length);
      for (const writer of writers) {
        expect(names.filter((name) => writer.hasCreated(name))).toEqual(writer.created);
      }
    }
    const audited = await dataSource.query<{ username: string }[]>(
      `SELECT a.after->>'username' AS username FROM audit_records a
       WHERE a.action = 'createUser' AND a.after->>'username' = ANY($1)`,
      [created],
    );
    expect(audited.map(({ username }) => username).sort()).toEqual([...created].sort());
  } finally {
    await Promise.all([...subscribers, ...writers].map((one) => one.stop()));
  }
  return subscribers;
}

const usernameOf = ({ user }: ReceivedEvent) =>
  (user as { username: string } | null)?.username ?? "a gap";

const isTrue = (condition: boolean): Promise<void> =>
  condition ? Promise.resolve() : Promise.reject(new Error("not yet"));

const databaseUrl = () => (gateway.dataSource.options as { url: string }).url;

it("subscribers that resume at another process lose no event when their process is killed", async () => {
  const killed = await start({ DATABASE_URL: databaseUrl() });
  const endpoint = { url: killed.url };
  const { dataSource } = gateway;
  const run = { dataSource, writeTo: [endpoint], subscribeAt: endpoint };
  const subscribers = await expectNothingLost(run, async (more) => {
    killed.child.kill("SIGKILL");
    endpoint.url = gateway.url;
    await more(SOME);
  });
  expect(subscribers.map(({ losses }) => losses > 0)).toEqual([true, true]);
});

it("subscribers lose no event when Postgres terminates the LISTEN connection, and then all connections", async () => {
  const endpoint = { url: gateway.url };
  const terminate = (which: string) =>
    gateway.dataSource
      .query(
        `SELECT pg_terminate_backend(pid, 4000) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${which}`,
      )
      .catch(() => undefined);
  const listeners = () =>
    gateway.dataSource.query<{ pid: number }[]>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'rollcall doorbell'`,
    );
  const { dataSource } = gateway;
  await expectNothingLost(
    { dataSource, writeTo: [endpoint], subscribeAt: endpoint },
    async (more) => {
      const [before] = await listeners();
      expect(before).toBeDefined();
      await terminate(`application_name = 'rollcall doorbell'`);
      await more(SOME);
      await terminate("true");
      await more(SOME);
      await eventually(async () => {
        const [now] = await listeners();
        expect(now).toBeDefined();
        expect(now).not.toEqual(before);
      });
    },
  );
});

it("subscribers lose no event when the network to the database breaks, stalls and recovers", async () => {
  const { proxy, url } = await TcpProxy.beforeUrl(databaseUrl());
  const far = await startSecondGateway(gateway, { DATABASE_URL: url, LOG_LEVEL: "silent" });
  const near = { url: gateway.url };
  const { dataSource } = gateway;
  try {
    const run = { dataSource, writeTo: [near, { url: far.url }], subscribeAt: { url: far.url } };
    await expectNothingLost(run, async (more) => {
      for (const fault of ["cut", "stall", "dropConnections"] as const) {
        proxy[fault]();
        await more(SOME);
        proxy.resume();
        await more(1);
      }
    });
  } finally {
    await far.stop();
    await proxy.close();
  }
});

it("subscribers lose no event when Postgres crashes and recovers", async () => {
  const dataDir = givenDataDir();
  const settings = { fsync: "off" };
  const open = () => startEmbeddedPostgres({ dataDir, database: "rollcall", settings });
  let server = await open();
  const { proxy, url } = await TcpProxy.beforeUrl(server.url);
  const dataSource = createDataSource({ url, poolMax: 2, statementTimeoutMs: 10_000 });
  await dataSource.initialize();
  await dataSource.runMigrations({ transaction: "each" });
  const only = await startSecondGateway({ dataSource }, { LOG_LEVEL: "silent" });
  await only.services.apiKeys.ensure(ADMIN_KEY, { name: "faults", permissions: ["ADMIN"] });
  const endpoint = { url: only.url };
  try {
    const run = { dataSource, writeTo: [endpoint], subscribeAt: endpoint };
    await expectNothingLost(run, async (more) => {
      process.kill(postgresIn(dataDir)?.pid ?? NaN, "SIGQUIT");
      await eventually(() => isTrue(postgresIn(dataDir) === undefined));
      server = await open();
      proxy.lead(Number(new URL(server.url).port));
      await more(SOME);
    });
  } finally {
    await only.stop();
    await dataSource.destroy();
    await proxy.close();
    await server.stop();
  }
});
