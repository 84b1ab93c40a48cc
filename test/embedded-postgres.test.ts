import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

import {
  defaultDataDir,
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "../src/embedded-postgres/index.js";
import { findPostmaster } from "../src/embedded-postgres/postmaster-pid.js";
import { kill, killOwners, spawnOwner, startOwner } from "./support/owner-process.js";
import { makeTempDir } from "./support/temp-dir.js";

const isRoot = process.getuid?.() === 0;
const fast = { fsync: "off" };

const dataDir = makeTempDir();
const tempDirs = [dataDir];

afterAll(() => {
  killOwners();
  for (const directory of tempDirs) {
    const server = serverIn(directory);
    if (server) process.kill(server.pid, "SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  }
});

it("the embedded server creates its data directory, answers and stops idempotently", async () => {
  const server = await start();
  const [row] = await query(
    server.url,
    "SELECT lower('Ü') AS lower, current_setting('TimeZone') AS zone, current_database() AS name",
  );
  expect(row).toEqual({ lower: "ü", zone: "UTC", name: "rollcall" });

  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  expect(serverIn(dataDir)).toBeUndefined();
  await expect(query(server.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
});

it("the embedded server keeps its data across starts", async () => {
  await using(await start(), async ({ url }) => {
    await query(url, "CREATE TABLE notes (text text)");
    await query(url, "INSERT INTO notes VALUES ('first run')");
  });
  await using(await start(), async ({ url }) => {
    expect(await notes(url)).toEqual(["first run"]);
  });
});

it("the embedded server refuses connections without the password", async () => {
  await using(await start(), async (server) => {
    for (const password of ["", "wrong"]) {
      const url = new URL(server.url);
      url.password = password;
      await expect(query(url.href, "SELECT 1")).rejects.toThrow(/password/);
    }
  });
});

it("processes on one data directory share the embedded server, and the last one stops it", async () => {
  const [first, second] = await Promise.all([start(), start()]);
  expect(second.url).toBe(first.url);

  await first.stop();
  expect(await query(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await second.stop();
  expect(serverIn(dataDir)).toBeUndefined();
});

it("the embedded server and its committed rows survive a killed gateway", async () => {
  const owner = await startOwner(dataDir);
  await query(owner.url, "INSERT INTO notes VALUES ('before the kill')");
  await kill(owner.child);

  await using(await start(), async ({ url }) => {
    expect(url).toBe(owner.url);
    expect(await notes(url)).toContain("before the kill");
  });
  expect(serverIn(dataDir)).toBeUndefined();
});

it("committed rows survive when gateway and server are both killed", async () => {
  const owner = await startOwner(dataDir);
  await query(owner.url, "INSERT INTO notes VALUES ('before the crash')");
  process.kill(serverIn(dataDir)?.pid ?? NaN, "SIGKILL");
  await kill(owner.child);

  await using(await start(), async ({ url }) => {
    expect(await notes(url)).toContain("before the crash");
  });
});

it("a frozen embedded server is reported, left running and joined once it responds", async () => {
  const server = await start();
  await query(server.url, "INSERT INTO notes VALUES ('before the frost')");
  const rows = await query(server.url, "SELECT pid FROM pg_stat_activity");
  const frozen = [serverIn(dataDir)?.pid ?? NaN, ...rows.map(({ pid }) => pid as number)];
  for (const pid of frozen) signal(pid, "SIGSTOP");
  try {
    await expect(server.stop()).rejects.toThrow(/does not respond and is left running/);
  } finally {
    for (const pid of frozen) signal(pid, "SIGCONT");
  }
  await using(await start(), async ({ url }) => {
    expect(url).toBe(server.url);
    expect(await notes(url)).toContain("before the frost");
  });
  expect(serverIn(dataDir)).toBeUndefined();
});

it("a stale pid of another process is not taken for the embedded server", async () => {
  writeFileSync(join(dataDir, "postgres/cluster/postmaster.pid"), `${process.pid}\n/elsewhere\n`);
  await using(await start(), async ({ url }) => {
    expect(await notes(url)).toContain("first run");
  });
});

it("an interrupted creation of the database is repeated", async () => {
  const fresh = newTempDir();
  const { child } = spawnOwner(fresh);
  await until(() => existsSync(fresh) && readdirSync(fresh).length > 0);
  await kill(child);

  await using(await start(fresh), async ({ url }) => {
    expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
  expect(readdirSync(fresh)).toEqual(["postgres"]);
});

it("an unusable data directory is reported with a remedy", async () => {
  const closed = newTempDir();
  writeFileSync(join(closed, "in use"), "");
  chmodSync(closed, isRoot ? 0o700 : 0o500);

  const attempt = start(join(closed, "data"));
  await expect(attempt).rejects.toBeInstanceOf(EmbeddedPostgresError);
  await expect(attempt).rejects.toThrow(
    /cannot be used: .*Set ROLLCALL_DATA_DIR .* or set DATABASE_URL/,
  );
  await expect(attempt).rejects.toThrow(closed);
  chmodSync(closed, 0o700);
});

it("the default data directory is in the checkout or in a place that the server can use", () => {
  const checkout = newTempDir();
  chmodSync(checkout, 0o755);
  expect(defaultDataDir(checkout)).toBe(join(checkout, ".data"));

  const closed = join(checkout, "closed");
  mkdirSync(closed, { mode: isRoot ? 0o700 : 0o500 });
  const elsewhere = defaultDataDir(closed);
  expect(elsewhere).toMatch(isRoot ? /^\/var\/lib\/rollcall\/[0-9a-f]{12}$/ : /rollcall/);
  expect(defaultDataDir(closed)).toBe(elsewhere);
});

function start(directory = dataDir): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir: directory, database: "rollcall", settings: fast });
}

async function using(
  server: EmbeddedPostgres,
  work: (server: EmbeddedPostgres) => Promise<void>,
): Promise<void> {
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function notes(url: string): Promise<unknown[]> {
  return (await query(url, "SELECT text FROM notes ORDER BY text")).map(({ text }) => text);
}

function serverIn(directory: string) {
  return findPostmaster(join(directory, "postgres", "cluster"));
}

/** Ignores a process that has exited by itself meanwhile. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    expect(error).toMatchObject({ code: "ESRCH" });
  }
}

function newTempDir(): string {
  const directory = makeTempDir();
  tempDirs.push(directory);
  return directory;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}
