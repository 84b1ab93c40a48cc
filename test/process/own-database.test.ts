import { Client } from "pg";
import { createEmptyDatabase } from "../support/database.js";
import { build, BUILD_MS, cleanUp, type GatewayProcess, launch, start } from "./gateway-process.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";

const name = `rollcall_process_${process.env["JEST_WORKER_ID"]}`;
const [owner, stranger] = [`${name}_owner`, `${name}_stranger`];

beforeAll(build, BUILD_MS);
afterAll(cleanUp);

let databases = 0;

/** An empty database of an external server. Its owner has no special privileges. */
async function givenDatabase(user = owner): Promise<string> {
  databases += 1;
  const url = new URL(await createEmptyDatabase(`${name}_${databases}`));
  const admin = new Client({ connectionString: url.href });
  await admin.connect();
  for (const role of [owner, stranger]) {
    const { rowCount } = await admin.query(`SELECT FROM pg_roles WHERE rolname = $1`, [role]);
    if (!rowCount) await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'of a plain user'`);
  }
  await admin.query(`ALTER DATABASE ${name}_${databases} OWNER TO ${owner}`);
  await admin.end();
  return Object.assign(url, { username: user, password: "of a plain user" }).href;
}

async function keyNames(gateway: GatewayProcess): Promise<unknown> {
  const { data } = await gateway.ask(ADMIN_KEY, `{ apiKeys { name permissions } }`);
  return data?.["apiKeys"];
}

it("an own database is migrated and left empty, and the bootstrap key works from the first start", async () => {
  const url = await givenDatabase();
  const environment = { DATABASE_URL: url, ROLLCALL_ADMIN_KEY: ADMIN_KEY };
  const gateway = await start(environment);
  expect(gateway.output()).toContain("Migrated: CreateUsers");
  expect(gateway.output()).not.toMatch(/demo|Postgres|Data /i);
  expect(gateway.demoKey).toBeNull();

  const answer = await gateway.ask(
    ADMIN_KEY,
    `{ viewer { name permissions } users { totalCount } }`,
  );
  expect(answer.data).toEqual({
    viewer: { name: "bootstrap", permissions: ["ADMIN"] },
    users: { totalCount: 0 },
  });
  expect((await gateway.end("SIGTERM")).code).toBe(0);

  const next = await start(environment);
  expect(next.output()).not.toContain("Migrated");
  expect(await keyNames(next)).toEqual([{ name: "bootstrap", permissions: ["ADMIN"] }]);
  await next.end("SIGTERM");
});

it("a revoked bootstrap key stays revoked after the next start", async () => {
  const environment = { DATABASE_URL: await givenDatabase(), ROLLCALL_ADMIN_KEY: ADMIN_KEY };
  const gateway = await start(environment);
  const { data } = await gateway.ask(ADMIN_KEY, `{ apiKeys { id } }`);
  const [{ id }] = data?.["apiKeys"] as [{ id: string }];
  await gateway.ask(
    ADMIN_KEY,
    `mutation { revokeApiKey(input: { id: "${id}" }) { apiKey { id } } }`,
  );
  await gateway.end("SIGTERM");

  const next = await start(environment);
  const { status } = await next.ask(ADMIN_KEY, `{ viewer { name } }`);
  expect(status).toBe(401);
  await next.end("SIGTERM");
});

it("of several processes that start concurrently one migrates and one creates the key", async () => {
  const environment = { DATABASE_URL: await givenDatabase(), ROLLCALL_ADMIN_KEY: ADMIN_KEY };
  const gateways = await Promise.all([start(environment), start(environment), start(environment)]);
  const migrated = gateways.filter(({ output }) => output().includes("Migrated: CreateUsers"));
  expect(migrated).toHaveLength(1);
  for (const gateway of gateways) {
    expect(await keyNames(gateway)).toEqual([{ name: "bootstrap", permissions: ["ADMIN"] }]);
  }
  await Promise.all(gateways.map(({ end }) => end("SIGTERM")));
});

it("a database user without the right to create tables causes a clear startup error", async () => {
  const { code, output } = await launch({ DATABASE_URL: await givenDatabase(stranger) }).ended;
  expect(code).toBe(1);
  expect(output).toContain(
    "The database of DATABASE_URL cannot be used: permission denied for schema public\n",
  );
  expect(output).not.toMatch(/^ +at /m);
});
