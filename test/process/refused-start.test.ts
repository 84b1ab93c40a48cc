import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build, BUILD_MS, cleanUp, givenDataDir, launch, postgresIn } from "./gateway-process.js";

beforeAll(build, BUILD_MS);
afterAll(cleanUp);

/** The output of a start that fails. It must not contain a stack trace. */
async function refusal(environment: Record<string, string>): Promise<string> {
  const { code, output } = await launch(environment).ended;
  expect(code).toBe(1);
  expect(output).not.toMatch(/^ +at /m);
  return output;
}

it("a port in use is reported with a remedy, and no Postgres is left running", async () => {
  const dataDir = givenDataDir();
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;

  const said = await refusal({ ROLLCALL_DATA_DIR: dataDir, PORT: String(port) });
  expect(said).toContain(
    `Rollcall cannot listen on 127.0.0.1, port ${port}: the port is in use. ` +
      "Stop what uses it, or set PORT to another one.\n",
  );
  expect(said).not.toContain("ready");
  expect(postgresIn(dataDir)).toBeUndefined();
  other.close();
});

it("an unavailable address is reported with the variable to set", async () => {
  const dataDir = givenDataDir();
  const said = await refusal({ ROLLCALL_DATA_DIR: dataDir, ROLLCALL_HOST: "192.0.2.1" });
  expect(said).toContain("this machine has no such address. Set ROLLCALL_HOST to one that it has.");
  expect(postgresIn(dataDir)).toBeUndefined();
});

it("all errors of the environment are reported together before anything is created", async () => {
  const dataDir = join(givenDataDir(), "not made");
  const said = await refusal({
    ROLLCALL_DATA_DIR: dataDir,
    PORT: "70000",
    LOG_LEVEL: "loud",
    DATABASE_POOL_MAX: "",
    DATABASE_STATEMENT_TIMEOUT_MS: "5 s",
    GRAPHQL_INTROSPECTION: "yes",
    ROLLCALL_ADMIN_KEY: "too short",
  });
  const faulty = [...said.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
  expect(said).toContain("Invalid environment variables:\n");
  expect([...new Set(faulty)].sort()).toEqual([
    "DATABASE_STATEMENT_TIMEOUT_MS",
    "GRAPHQL_INTROSPECTION",
    "LOG_LEVEL",
    "PORT",
    "ROLLCALL_ADMIN_KEY",
  ]);
  expect(said).not.toContain("too short");
  expect(existsSync(dataDir)).toBe(false);
});

it("an admin key that no header can carry is refused", async () => {
  const said = await refusal({
    ROLLCALL_DATA_DIR: givenDataDir(),
    ROLLCALL_ADMIN_KEY: "thirty-two characters, but with spaces",
  });
  expect(said).toContain("ROLLCALL_ADMIN_KEY: must be ASCII without spaces");
});

it("an unusable data directory is reported with the variables to set", async () => {
  const file = join(givenDataDir(), "a file");
  writeFileSync(file, "");
  const said = await refusal({ ROLLCALL_DATA_DIR: file });
  expect(said).toContain(file);
  expect(said).toContain("Set ROLLCALL_DATA_DIR");
});

it("an unreachable database is reported without the password", async () => {
  const said = await refusal({ DATABASE_URL: "postgres://somebody:hunter2@127.0.0.1:1/rollcall" });
  expect(said).toContain(
    "The database of DATABASE_URL cannot be used: connect ECONNREFUSED 127.0.0.1:1\n",
  );
  expect(said).not.toContain("hunter2");
});
