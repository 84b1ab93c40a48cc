import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/data-source.js";
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
import type { Transport } from "../support/live-client.js";
import { startSecondGateway } from "../support/second-gateway.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { type EventTold } from "./following.js";
import { Changer, Follower, type Place, presentCursor } from "./through-faults.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const TRANSPORTS: readonly Transport[] = ["WEB_SOCKET", "EVENT_STREAM"];
/** So many changes before, while and after something happens. */
const SOME = 5;

let gateway: TestGateway;
beforeAll(async () => {
  await build();
  // What fails here on purpose is not to be read in the output.
  gateway = await startTestGateway({ LOG_LEVEL: "silent" });
  await gateway.services.apiKeys.ensure(ADMIN_KEY, { name: "faults", permissions: ["ADMIN"] });
}, BUILD_MS);
afterAll(async () => {
  cleanUp();
  await gateway.stop();
});

interface Run {
  readonly dataSource: DataSource;
  /** Where changes are made; side by side if there are several. */
  readonly changes: readonly Place[];
  readonly follows: Place;
}

/**
 * Changes are made and followed while something fails. Afterwards each change that was acknowledged has
 * been made once, and been told once to everybody, in the order in which it was made.
 */
async function expectNothingLost(
  { dataSource, changes, follows }: Run,
  fail: (more: (count: number) => Promise<unknown>) => Promise<void>,
): Promise<readonly Follower[]> {
  const after = await presentCursor(dataSource);
  const followers = TRANSPORTS.map((each) => new Follower(each, follows, ADMIN_KEY, after));
  const changers = changes.map((place) => new Changer(place, ADMIN_KEY));
  try {
    await eventually(() => isTrue(followers.every(({ told }) => told.length >= SOME)));
    await fail((count) => Promise.race(changers.map((changer) => changer.more(count))));
    await Promise.all(changers.map((changer) => changer.more(SOME)));
    await Promise.all(changers.map((changer) => changer.stop()));
    const made = changers.flatMap((changer) => changer.made);
    for (const { told } of followers) {
      await eventually(() => isTrue(told.length >= made.length));
      const names = told.map(usernameOf);
      expect(names).toHaveLength(made.length);
      for (const changer of changers) {
        expect(names.filter((name) => changer.hasMade(name))).toEqual(changer.made);
      }
    }
    const audited = await dataSource.query<{ username: string }[]>(
      `SELECT a.after->>'username' AS username FROM audit_records a
       WHERE a.action = 'createUser' AND a.after->>'username' = ANY($1)`,
      [made],
    );
    expect(audited.map(({ username }) => username).sort()).toEqual([...made].sort());
  } finally {
    await Promise.all([...followers, ...changers].map((one) => one.stop()));
  }
  return followers;
}

const usernameOf = ({ user }: EventTold) =>
  (user as { username: string } | null)?.username ?? "a gap";

const isTrue = (condition: boolean): Promise<void> =>
  condition ? Promise.resolve() : Promise.reject(new Error("not yet"));

const databaseUrl = () => (gateway.dataSource.options as { url: string }).url;

it("a process that is killed: clients go on at another one", async () => {
  const killed = await start({ DATABASE_URL: databaseUrl() });
  const place = { url: killed.url };
  const { dataSource } = gateway;
  const run = { dataSource, changes: [place], follows: place };
  const followers = await expectNothingLost(run, async (more) => {
    killed.child.kill("SIGKILL");
    place.url = gateway.url;
    await more(SOME);
  });
  expect(followers.map(({ returns }) => returns > 0)).toEqual([true, true]);
});

it("the listener's connection, then all connections, ended by the server", async () => {
  const place = { url: gateway.url };
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
  await expectNothingLost({ dataSource, changes: [place], follows: place }, async (more) => {
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
  });
});

it("a network to the database that breaks, stalls and comes back", async () => {
  const { proxy, url } = await TcpProxy.beforeUrl(databaseUrl());
  const far = await startSecondGateway(gateway, { DATABASE_URL: url, LOG_LEVEL: "silent" });
  const near = { url: gateway.url };
  const { dataSource } = gateway;
  try {
    const run = { dataSource, changes: [near, { url: far.url }], follows: { url: far.url } };
    await expectNothingLost(run, async (more) => {
      for (const spoil of ["cut", "stall", "dropConnections"] as const) {
        proxy[spoil]();
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

it("a server that stops at once, in the middle of everything, and recovers", async () => {
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
  const place = { url: only.url };
  try {
    const run = { dataSource, changes: [place], follows: place };
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
