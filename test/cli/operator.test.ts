import { Client } from "pg";
import { createEmptyDatabase } from "../support/database.js";
import { rollcall } from "./command-run.js";

let url: string;
let env: Record<string, string>;
beforeAll(async () => {
  url = await createEmptyDatabase(`rollcall_cli_${process.env["JEST_WORKER_ID"]}`);
  env = { DATABASE_URL: url };
});

async function read(sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

it("a command about users does not migrate but says so, and migrate does", async () => {
  const { code, stderr } = await rollcall(["user", "list"], { env });
  expect([code, stderr]).toEqual([3, expect.stringContaining(`run "rollcall migrate" first`)]);
  expect(await read(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);

  const migrated = await rollcall(["migrate"], { env });
  expect(migrated).toMatchObject({ code: 0, stdout: "The database is up to date\n" });
  expect(migrated.stderr).toContain("Migrated: CreateUsers");
  expect(await rollcall(["migrate", "--json"], { env })).toEqual({
    code: 0,
    stdout: `{"upToDate":true}\n`,
    stderr: "",
  });
  expect((await rollcall(["user", "list"], { env })).code).toBe(0);
});

it("the first key is created at the command line and audited under the system account", async () => {
  const args = ["key", "create", "first", "--permission", "ADMIN"];
  expect((await rollcall(args, { env })).code).toBe(0);
  const [record] = await read(`SELECT actor, actor_kind, door, action FROM audit_records`);
  expect(record).toEqual({
    actor: expect.stringMatching(/^operator ./) as string,
    actor_kind: "SYSTEM",
    door: "CLI",
    action: "createApiKey",
  });
});

it("seed demo runs only on an empty database and not in production", async () => {
  const load = await rollcall(["seed", "load", "--users", "5", "--agents", "2"], { env });
  expect(load).toMatchObject({ code: 0, stdout: "There are 5 users\n" });
  expect(await read(`SELECT count(*)::int AS agents FROM agents`)).toEqual([{ agents: 2 }]);

  expect(await rollcall(["seed", "demo"], { env })).toMatchObject({
    code: 1,
    stderr: "There are users already\n",
  });
  const production = { ...env, NODE_ENV: "production" };
  expect((await rollcall(["seed", "demo"], { env: production })).code).toBe(2);
  const more = ["seed", "load", "--users", "5", "--agents", "6"];
  expect((await rollcall(more, { env })).code).toBe(2);
});

it("an interrupted seed says so and continues the next time", async () => {
  const signal = AbortSignal.abort();
  const args = ["seed", "load", "--users", "6"];
  expect(await rollcall(args, { env, signal })).toMatchObject({ code: 130, stdout: "" });
  expect((await rollcall(args, { env })).code).toBe(0);
});

it("an unreachable database ends with exit code 3 and a plain message", async () => {
  const away = { DATABASE_URL: "postgres://nobody@127.0.0.1:9/nowhere" };
  const { code, stderr } = await rollcall(["migrate"], { env: away });
  expect(code).toBe(3);
  expect(stderr).toMatch(/^The database of DATABASE_URL cannot be used: .*ECONNREFUSED.*\n$/);
});
