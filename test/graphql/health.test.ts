import { Client } from "pg";
import { eventually } from "../support/eventually.js";
import { firstAnswer } from "../support/first-answer.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { TcpProxy } from "../support/tcp-proxy.js";

let gateway: TestGateway;
let admin: Client;
let database: string;
let proxy: TcpProxy;

beforeAll(async () => {
  let adminUrl = new URL("postgres://nowhere");
  gateway = await startTestGateway(async (url) => {
    adminUrl = new URL(url);
    const way = await TcpProxy.beforeUrl(url);
    proxy = way.proxy;
    return { LOG_LEVEL: "silent", DATABASE_URL: way.url };
  });
  database = adminUrl.pathname.slice(1);
  adminUrl.pathname = "postgres";
  admin = new Client({ connectionString: adminUrl.href });
  await admin.connect();
});
afterAll(async () => {
  await comeBack();
  await admin.end();
  await gateway.stop();
  await proxy.close();
});

const statusOf = async (path: string): Promise<[number, unknown]> => {
  const response = await fetch(gateway.url + path);
  return [response.status, await response.json()];
};

/** Makes the database end all connections and refuse new ones. */
async function goAway(): Promise<void> {
  const name = admin.escapeIdentifier(database);
  await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  await admin.query(
    `SELECT pg_terminate_backend(pid, 25000) FROM pg_stat_activity WHERE datname = $1`,
    [database],
  );
}

const comeBack = () =>
  admin.query(`ALTER DATABASE ${admin.escapeIdentifier(database)} WITH ALLOW_CONNECTIONS true`);

const isReady = () => statusOf("/readyz");

const becomes = (path: string, expected: [number, unknown]) =>
  eventually(async () => expect(await statusOf(path)).toEqual(expected));

const alive: [number, unknown] = [200, { status: "ok" }];
const ready: [number, unknown] = [200, { status: "ready" }];
const unready: [number, unknown] = [503, { status: "unavailable" }];

it("/healthz and /readyz answer 200 without a credential", async () => {
  expect(await statusOf("/healthz")).toEqual(alive);
  expect(await firstAnswer(isReady)).toEqual(ready);
});

it("without its database the gateway is alive but not ready, masks errors and recovers", async () => {
  const key = await gateway.givenKey("ADMIN");
  await goAway();
  expect(await statusOf("/healthz")).toEqual(alive);
  expect(await statusOf("/readyz")).toEqual(unready);
  const { headers, ...failed } = await gateway.ask(key, `{ groups { name } }`);
  expect(failed).toMatchObject({
    status: 503,
    errors: [{ extensions: { code: "SERVICE_UNAVAILABLE" } }],
  });
  expect(headers.get("retry-after")).toBe("1");
  expect(JSON.stringify(failed)).not.toMatch(/postgres|connection|database|rollcall_test|SELECT/i);

  await comeBack();
  expect(await firstAnswer(isReady)).toEqual(ready);
  expect((await gateway.ask(key, `{ groups { name } }`)).data).toEqual({ groups: [] });
});

it("the gateway is not ready while the database is silent, and ready at the first probe afterwards", async () => {
  const stall = async () => {
    proxy.stall();
    expect(await isReady()).toEqual(unready);
    expect(await isReady()).toEqual(unready); // a new connection gets no response either
    expect(await statusOf("/healthz")).toEqual(alive);
    proxy.resume();
  };
  expect(await firstAnswer(isReady, stall)).toEqual(ready);
});

it("the gateway is not ready from the moment its connections are cut", async () => {
  const cut = async () => {
    proxy.cut();
    await becomes("/readyz", unready);
    proxy.resume();
  };
  expect(await firstAnswer(isReady, cut)).toEqual(ready);
});

it("the gateway stays ready while requests use every connection", async () => {
  const { dataSource } = gateway;
  const pool = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const connection = dataSource.createQueryRunner();
      await connection.connect();
      return connection;
    }),
  );
  const [statuses, connections] = await firstAnswer(async () => {
    const before = proxy.accepted;
    const answers = await Promise.all(Array.from({ length: 50 }, isReady));
    return [new Set(answers.map(([status]) => status)), proxy.accepted - before] as const;
  });
  expect(statuses).toEqual(new Set([200]));
  expect(connections).toBeLessThanOrEqual(1);
  for (const connection of pool) await connection.release();
});
