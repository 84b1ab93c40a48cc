import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/embedded-postgres/index.js";
import { eventually } from "../support/eventually.js";
import { readiness } from "../support/first-answer.js";
import { postgresIn } from "../process/gateway-process.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import type { SecondGateway } from "../support/second-gateway.js";
import { makeTempDir } from "../support/temp-dir.js";
import { doors, expectAnsweredEverywhere, expectRefusedEverywhere, knock } from "./doors.js";
import { HASTE, startHasty } from "./hasty-gateway.js";

const dataDir = makeTempDir();
let server: EmbeddedPostgres;
let gateway: TestGateway;
/** A second gateway with short timeouts. */
let hasty: SecondGateway;
let key: string;

beforeAll(async () => {
  // The key must be committed to disk: the server recovers when one of its processes dies.
  const settings = { fsync: "off", full_page_writes: "off" };
  server = await startEmbeddedPostgres({ dataDir, database: "rollcall", settings });
  gateway = await startTestGateway(async () => {
    const source = createDataSource({ url: server.url, poolMax: 2, statementTimeoutMs: 0 });
    await source.initialize();
    await source.runMigrations({ transaction: "each" });
    await source.destroy();
    return { DATABASE_URL: server.url, LOG_LEVEL: "silent" };
  });
  key = await gateway.givenKey("ADMIN");
  hasty = await startHasty(gateway, HASTE);
}, 60_000);
afterAll(async () => {
  await hasty.stop();
  await gateway.stop();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const postmaster = () => postgresIn(dataDir)?.pid ?? 0;

/** The process ids of the server. @param first runs before the processes are listed */
async function processes(first = (): void => undefined): Promise<number[]> {
  const client = new Client({ connectionString: server.url });
  client.on("error", () => undefined);
  await client.connect();
  first();
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()`,
  );
  await client.end();
  return rows.map(({ pid }) => pid);
}

/** @returns the frozen processes */
async function freeze(): Promise<number[]> {
  const server = postmaster();
  // First the postmaster, so that it starts no others.
  const others = await processes(() => process.kill(server, "SIGSTOP"));
  return [server, ...others.filter((pid) => signal(pid, "SIGSTOP"))];
}

/** @returns false when the process has ended meanwhile */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    expect(error).toMatchObject({ code: "ESRCH" });
    return false;
  }
}

const expectReady = async () => expect(await readiness(hasty.url)).toBe(200);
const expectUnready = async () => expect((await fetch(`${hasty.url}/readyz`)).status).toBe(503);

it("with a frozen database the gateway is not ready, every API refuses in time, and all recovers afterwards", async () => {
  await expectAnsweredEverywhere(hasty.url, key);
  await expectReady();
  const frozen = await freeze();
  try {
    await expectUnready();
    await expectRefusedEverywhere(hasty.url, key);
    expect((await fetch(`${hasty.url}/healthz`)).status).toBe(200);
    await expectUnready();
  } finally {
    for (const pid of frozen) signal(pid, "SIGCONT");
  }
  await expectReady();
  await expectAnsweredEverywhere(hasty.url, key);
});

it("while the database crashes and recovers every request is answered or returned as retryable", async () => {
  const [same, others] = [postmaster(), await processes()];
  const statuses: number[] = [];
  let isBack = false;
  const asking = doors.map(async (door) => {
    while (!isBack) {
      statuses.push((await knock(hasty.url, door, key)).status);
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

  // The other processes continue until the server has noticed.
  await eventually(async () => {
    const renewed = await processes();
    expect(renewed.filter((pid) => others.includes(pid))).toEqual([]);
  });
  await expectAnsweredEverywhere(hasty.url, key);
  await expectReady();
  isBack = true;
  await Promise.all(asking);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(postmaster()).toBe(same);
});
