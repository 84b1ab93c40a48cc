import { Client } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

let gateway: TestGateway;
let admin: Client;
let database: string;

beforeAll(async () => {
  gateway = await startTestGateway({ LOG_LEVEL: "silent" });
  const { url } = gateway.dataSource.options as { url: string };
  const adminUrl = new URL(url);
  database = adminUrl.pathname.slice(1);
  adminUrl.pathname = "postgres";
  admin = new Client({ connectionString: adminUrl.href });
  await admin.connect();
});
afterAll(async () => {
  await comeBack();
  await admin.end();
  await gateway.stop();
});

const statusOf = async (path: string): Promise<[number, unknown]> => {
  const response = await fetch(gateway.url + path);
  return [response.status, await response.json()];
};

/** The database throws everybody out and lets nobody in. */
async function goAway(): Promise<void> {
  const name = admin.escapeIdentifier(database);
  await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, [
    database,
  ]);
}

const comeBack = () =>
  admin.query(`ALTER DATABASE ${admin.escapeIdentifier(database)} WITH ALLOW_CONNECTIONS true`);

const alive: [number, unknown] = [200, { status: "ok" }];
const ready: [number, unknown] = [200, { status: "ready" }];

it("the process is alive and ready, and says so to everybody", async () => {
  expect(await statusOf("/healthz")).toEqual(alive);
  expect(await statusOf("/readyz")).toEqual(ready);
});

it("while the database is away it is alive but not ready, and fails masked; then it is as before", async () => {
  const key = await gateway.givenKey("ADMIN");
  await goAway();
  expect(await statusOf("/healthz")).toEqual(alive);
  expect(await statusOf("/readyz")).toEqual([503, { status: "unavailable" }]);
  const failed = await gateway.ask(key, `{ groups { name } }`);
  expect(failed.status).toBe(500);
  expect(JSON.stringify(failed)).not.toMatch(/postgres|connection|database|rollcall_test|SELECT/i);

  await comeBack();
  while ((await statusOf("/readyz"))[0] !== 200) await sleep(50);
  expect((await gateway.ask(key, `{ groups { name } }`)).data).toEqual({ groups: [] });
});

it("is not ready while the database does not answer in time", async () => {
  const pool = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const connection = gateway.dataSource.createQueryRunner();
      await connection.connect();
      return connection;
    }),
  );
  const startedAt = performance.now();
  expect(await statusOf("/readyz")).toEqual([503, { status: "unavailable" }]);
  expect(performance.now() - startedAt).toBeLessThan(4000);
  expect(await statusOf("/healthz")).toEqual(alive);
  for (const connection of pool) await connection.release();
  expect(await statusOf("/readyz")).toEqual(ready);
});
