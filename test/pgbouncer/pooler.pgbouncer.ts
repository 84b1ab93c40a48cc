import { loadConfig } from "../../src/config/schema.js";
import { type Database, openDatabase } from "../../src/startup/open-database.js";
import { expectAnsweredEverywhere, expectRefusedEverywhere } from "../faults/doors.js";
import { adminUrl, createEmptyDatabase } from "../support/database.js";
import { readiness } from "../support/first-answer.js";
import { subscribe, nextEvent } from "../subscriptions/subscribe.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { startWebSocketClient } from "../support/subscription-client.js";
import { PgBouncer, POOL_SIZE } from "../support/pgbouncer.js";

let pooler: PgBouncer;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  pooler = await PgBouncer.before(adminUrl());
  gateway = await startTestGateway((databaseUrl) =>
    Promise.resolve({ DATABASE_URL: pooler.urlOf(databaseUrl), LOG_LEVEL: "silent" }),
  );
  key = await gateway.givenKey("ADMIN");
});
afterAll(async () => {
  await gateway.stop();
  await pooler.remove();
});

/** The number of the pooler's clients and of its server connections. */
async function connections() {
  const pools = await pooler.show<Record<string, string>>("POOLS");
  const all = (side: string) =>
    pools
      .filter(({ database }) => database !== "pgbouncer")
      .flatMap((pool) => Object.entries(pool))
      .filter(([name]) => name.startsWith(side))
      .reduce((sum, [, count]) => sum + Number(count), 0);
  return { clients: all("cl_"), servers: all("sv_") };
}

it("the gateway's connections share fewer of the pooler's, in transaction mode", async () => {
  const modes = await pooler.show("CONFIG");
  expect(modes).toContainEqual(expect.objectContaining({ key: "pool_mode", value: "transaction" }));
  const asked = Array.from({ length: 40 }, (_, i) =>
    gateway.ask(
      key,
      `mutation { createUser(input: { username: "user.${i}" }) { user { username } } }`,
    ),
  );
  for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
  const { clients, servers } = await connections();
  expect(clients).toBeGreaterThan(POOL_SIZE);
  expect(servers).toBeLessThanOrEqual(POOL_SIZE);
});

it("pooled sessions have the documented settings", async () => {
  const rows = await gateway.dataSource.query<unknown[]>(
    `SELECT name, setting FROM pg_settings
     WHERE name IN ('jit', 'plan_cache_mode', 'statement_timeout') ORDER BY name`,
  );
  expect(rows).toEqual([
    { name: "jit", setting: "off" },
    { name: "plan_cache_mode", setting: "force_generic_plan" },
    { name: "statement_timeout", setting: "5000" },
  ]);
});

it("with a dead pooler every API refuses; afterwards all recovers and subscribers receive events", async () => {
  const rename = (firstname: string) =>
    gateway.ask(
      key,
      `mutation ($firstname: String!) {
         updateUser(input: { user: { username: "user.0" }, firstname: $firstname }) { user { id } } }`,
      { firstname },
    );
  const client = startWebSocketClient(gateway.url, key);
  const subscription = await subscribe(gateway, client, "userChanged");
  await rename("Ada");
  expect(await nextEvent(subscription)).toMatchObject({ user: { firstname: "Ada" } });

  await pooler.kill();
  await expectRefusedEverywhere(gateway.url, key);
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
  await pooler.start();
  await expectAnsweredEverywhere(gateway.url, key);
  expect(await readiness(gateway.url)).toBe(200);

  await rename("Bea");
  expect(await nextEvent(subscription)).toMatchObject({ user: { firstname: "Bea" } });
  client.dispose();
});

describe("the start", () => {
  const opened: Database[] = [];
  afterAll(() => Promise.all(opened.map(({ close }) => close())));

  async function open(environment: Record<string, string>): Promise<string[]> {
    const lines: string[] = [];
    opened.push(await openDatabase(loadConfig(environment), (line) => lines.push(line)));
    return lines;
  }

  it("a start migrates an empty database past the pooler", async () => {
    const url = await createEmptyDatabase(`rollcall_pooled_${process.env["JEST_WORKER_ID"]}`);
    const environment = { DATABASE_URL: pooler.urlOf(url), DATABASE_DIRECT_URL: url };
    expect((await open(environment))[0]).toMatch(/^Migrated: CreateUsers/);
    expect(await open(environment)).toEqual([]);

    const unlimited = { DATABASE_URL: url, DATABASE_DIRECT_URL: url };
    expect(await open(unlimited)).toEqual([
      "The pooler's sessions have no statement_timeout: see docs/operations.md",
    ]);
  });

  it("a start with only the pooler's address names the missing setting", async () => {
    await expect(open({ DATABASE_URL: pooler.urlOf(adminUrl()) })).rejects.toThrow(
      /cannot be used: unsupported startup parameter: \S+ It is a pooler: set DATABASE_DIRECT_URL/,
    );
  });
});
