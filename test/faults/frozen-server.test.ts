import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { createDataSource } from "../../src/data-source.js";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/embedded-postgres/index.js";
import { postgresIn } from "../process/gateway-process.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { makeTempDir } from "../support/temp-dir.js";
import { doors, expectAnsweredEverywhere, expectRefusedEverywhere, knock } from "./doors.js";

const dataDir = makeTempDir();
let server: EmbeddedPostgres;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  // What is committed must be written when a process of the server dies, as soon as the key has been made.
  const settings = { fsync: "off", full_page_writes: "off" };
  server = await startEmbeddedPostgres({ dataDir, database: "rollcall", settings });
  gateway = await startTestGateway(async () => {
    const source = createDataSource({ url: server.url, poolMax: 2, statementTimeoutMs: 0 });
    await source.initialize();
    await source.runMigrations({ transaction: "each" });
    await source.destroy();
    return {
      DATABASE_URL: server.url,
      LOG_LEVEL: "silent",
      DATABASE_POOL_WAIT_MS: "1500",
      DATABASE_STATEMENT_TIMEOUT_MS: "1000",
      ANSWER_TIMEOUT_MS: "2000",
    };
  });
  key = await gateway.givenKey("ADMIN");
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The server itself, and all that it works with. */
async function processes(): Promise<number[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()`,
  );
  await client.end();
  return [postgresIn(dataDir)?.pid ?? 0, ...rows.map(({ pid }) => pid)];
}

const readiness = async () => (await fetch(`${gateway.url}/readyz`)).status;

it("a frozen server: not ready from the next question on, every door refuses in time, and all is well once it goes on", async () => {
  await expectAnsweredEverywhere(gateway.url, key);
  expect(await readiness()).toBe(200);
  const frozen = await processes();
  for (const pid of frozen) process.kill(pid, "SIGSTOP");
  try {
    expect(await readiness()).toBe(503);
    await expectRefusedEverywhere(gateway.url, key);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    expect(await readiness()).toBe(503);
  } finally {
    for (const pid of frozen) process.kill(pid, "SIGCONT");
  }
  expect(await readiness()).toBe(200);
  await expectAnsweredEverywhere(gateway.url, key);
});

it("a server that crashes and comes back: whoever asks meanwhile is answered or told to come again", async () => {
  const [postmaster, ...others] = await processes();
  const statuses: number[] = [];
  let isBack = false;
  const asking = doors.map(async (door) => {
    while (!isBack) {
      statuses.push((await knock(gateway.url, door, key)).status);
      await sleep(5);
    }
  });
  const client = new Client({ connectionString: server.url });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid`);
  const gone = new Promise((resolve) => client.once("end", resolve));
  process.kill(rows[0]?.pid ?? 0, "SIGKILL");
  await gone;

  await expectAnsweredEverywhere(gateway.url, key);
  expect(await readiness()).toBe(200);
  isBack = true;
  await Promise.all(asking);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  const [same, ...renewed] = await processes();
  expect(same).toBe(postmaster);
  expect(renewed.filter((pid) => others.includes(pid))).toEqual([]);
});
