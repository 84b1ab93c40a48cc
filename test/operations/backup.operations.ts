import { chownSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, readDoc, sectionOf } from "../docs/markdown.js";
import {
  build,
  BUILD_MS,
  cleanUp,
  type GatewayProcess,
  givenDataDir,
  start,
} from "../process/gateway-process.js";
import { startWebSocketClient } from "../support/subscription-client.js";
import { makeTempDir } from "../support/temp-dir.js";
import { run } from "./programs.js";

const ADMIN_KEY = "key-of-the-operator-0123456789abcdefghijk";
/** Debian's Postgres: the embedded one has no backup programs. */
const BIN = "/usr/lib/postgresql/15/bin";
const PORT = "40732";

const directory = makeTempDir();
const cluster = join(directory, "cluster");
const env = {
  PATH: `${BIN}:${process.env["PATH"]}`,
  PGHOST: "127.0.0.1",
  PGPORT: PORT,
  PGUSER: "rollcall",
};
const asPostgres = process.getuid?.() === 0 ? ["-u", "postgres"] : [];

/** Runs pg_ctl as the user of the server, which is never root. */
const control = (...parameters: string[]) =>
  asPostgres.length > 0
    ? run("runuser", [...asPostgres, "--", ...parameters], { env })
    : run(parameters[0] ?? "", parameters.slice(1), { env });

beforeAll(async () => {
  expect({ [BIN]: existsSync(BIN) }).toEqual({ [BIN]: true });
  await build();
  mkdirSync(cluster);
  if (asPostgres.length > 0) {
    const { stdout } = await run("id", ["-u", "postgres"]);
    chownSync(directory, Number(stdout), -1);
    chownSync(cluster, Number(stdout), -1);
  }
  await control(
    "initdb",
    "-D",
    cluster,
    "-U",
    "rollcall",
    "-E",
    "UTF8",
    "--locale=C",
    "-A",
    "trust",
  );
  const settings = `-p ${PORT} -k '' -c listen_addresses=127.0.0.1 -c fsync=off`;
  await control(
    "pg_ctl",
    "-D",
    cluster,
    "-w",
    "-l",
    join(directory, "log"),
    "-o",
    settings,
    "start",
  );
}, BUILD_MS);
afterAll(async () => {
  cleanUp();
  await control("pg_ctl", "-D", cluster, "-m", "immediate", "stop").catch(() => undefined);
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the commands of the document on the databases of this server. */
async function paste(index: number, database: string): Promise<void> {
  const commands = blocksOf(sectionOf(readDoc("docs/operations.md"), "Backup and restore"));
  const text = commands.filter(({ language }) => language === "sh")[index]?.text ?? "";
  expect(text).not.toBe("");
  const DATABASE_URL = `postgres://rollcall@127.0.0.1:${PORT}/${database}`;
  await run("sh", ["-ec", text], { cwd: directory, env: { ...env, DATABASE_URL } });
}

const startOn = (database: string): Promise<GatewayProcess> =>
  start({
    DATABASE_URL: `postgres://rollcall@127.0.0.1:${PORT}/${database}`,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    LOG_LEVEL: "error",
  });

const PERSON = `{ user(by: { username: "ann" }) { id presence { status { id } } } }`;
const setStatus = (statusId: number) =>
  `mutation { setStatus(input: { user: { username: "ann" }, statusId: ${statusId} }) { presence { id } } }`;

/** Changes the status of ann. @returns the cursor of the event */
async function cursorOf(gateway: GatewayProcess, statusId: number): Promise<string> {
  const client = startWebSocketClient(gateway.url, ADMIN_KEY);
  const subscription = client.subscribe(
    `subscription { presenceChanged(after: "") { cursor gap } }`,
  );
  await subscription.next();
  await gateway.ask(ADMIN_KEY, setStatus(statusId));
  const { data } = await subscription.next();
  client.dispose();
  return String(data?.["presenceChanged"]?.["cursor"]);
}

it("pg_restore restores what pg_dump saved, and subscribers that resume receive gap: true", async () => {
  await run("createdb", ["rollcall"], { env });
  const gateway = await startOn("rollcall");
  await gateway.ask(
    ADMIN_KEY,
    `mutation { createUser(input: { username: "ann" }) { user { id } } }`,
  );
  const made = await gateway.ask(
    ADMIN_KEY,
    `mutation { createApiKey(input: { name: "old client", permissions: [USER_READ] }) { secret } }`,
  );
  const { secret } = made.data?.["createApiKey"] as { secret: string };
  const before = await cursorOf(gateway, 5);
  const { data: saved } = await gateway.ask(secret, PERSON);
  await paste(0, "rollcall");
  const after = await cursorOf(gateway, 1);
  expect((await gateway.end("SIGTERM")).code).toBe(0);

  await run("createdb", ["restored"], { env });
  await paste(1, "restored");
  const restored = await startOn("restored");
  expect((await restored.ask(secret, PERSON)).data).toEqual(saved);
  for (const cursor of [before, after]) {
    const client = startWebSocketClient(restored.url, secret);
    const told = client.subscribe(`subscription { presenceChanged(after: "${cursor}") { gap } }`);
    expect(await told.next()).toMatchObject({ data: { presenceChanged: { gap: true } } });
    client.dispose();
  }
  expect((await restored.ask(ADMIN_KEY, setStatus(1))).errors).toBeUndefined();
  expect((await restored.end("SIGTERM")).code).toBe(0);
});

it("a copy of the embedded data made while stopped has the same users and key", async () => {
  const dataDir = givenDataDir();
  const gateway = await start({ ROLLCALL_DATA_DIR: dataDir });
  await gateway.ask(
    gateway.demoKey,
    `mutation { createUser(input: { username: "ann" }) { user { id } } }`,
  );
  const { data } = await gateway.ask(gateway.demoKey, PERSON);
  await gateway.end("SIGTERM");

  const copy = givenDataDir();
  await run("cp", ["-a", `${dataDir}/.`, copy]);
  const restored = await start({ ROLLCALL_DATA_DIR: copy });
  expect(restored.demoKey).toBe(gateway.demoKey);
  expect((await restored.ask(gateway.demoKey, PERSON)).data).toEqual(data);
  await restored.end("SIGTERM");
});
