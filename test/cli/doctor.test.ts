import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { checkClock } from "../../src/cli/doctor/clock.js";
import { checkNode } from "../../src/cli/doctor/machine.js";
import { createEmptyDatabase, createWorkerDatabase } from "../support/database.js";
import { firstAnswer } from "../support/first-answer.js";
import { startTestGateway } from "../support/gateway.js";
import { makeTempDir } from "../support/temp-dir.js";
import { rollcall } from "./command-run.js";

const ANY_PORT = "0";

async function examine(env: Record<string, string>) {
  const { code, stdout } = await rollcall(["doctor", "--json"], {
    env: { PORT: ANY_PORT, ...env },
  });
  const { ok, findings } = JSON.parse(stdout) as {
    ok: boolean;
    findings: { check: string; state: string; words: string; advice?: string }[];
  };
  const unwell = findings.filter(({ state }) => state !== "ok");
  return { code, ok, findings, unwell: unwell.map(({ check, state }) => [check, state]) };
}

const listeningPort = async (server: Server): Promise<number> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};

/** A proxy that, like a pooler, sends clients a backend process id of its own. */
async function givenPooler(url: URL): Promise<{ url: string; server: Server }> {
  const server = createServer((client) => {
    const real = connect(Number(url.port), url.hostname);
    client.pipe(real);
    real.on("data", (data) => {
      const at = data.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
      if (at !== -1) data.writeInt32BE(999_999, at + 5);
      client.write(data);
    });
    for (const socket of [client, real]) socket.on("error", () => undefined);
    real.on("close", () => client.destroy());
    client.on("close", () => real.destroy());
  });
  const port = await listeningPort(server);
  return { url: Object.assign(new URL(url), { port: String(port) }).href, server };
}

it("doctor succeeds for an up-to-date database, as JSON and as text", async () => {
  const DATABASE_URL = await createWorkerDatabase();
  expect(await examine({ DATABASE_URL })).toMatchObject({ code: 0, ok: true, unwell: [] });
  const { stdout } = await rollcall(["doctor"], { env: { DATABASE_URL, PORT: ANY_PORT } });
  expect(stdout).toMatch(/^ok {6} version {9}PostgreSQL \d+/m);

  const { server, url } = await givenPooler(new URL(DATABASE_URL));
  expect(await examine({ DATABASE_URL: url })).toMatchObject({
    code: 0,
    unwell: [["pooler", "warning"]],
  });
  const documented = { DATABASE_URL: url, DATABASE_DIRECT_URL: DATABASE_URL };
  expect(await examine(documented)).toMatchObject({ code: 0, unwell: [] });
  server.close();
});

it("doctor reports an empty database as not migrated and leaves it empty", async () => {
  const DATABASE_URL = await createEmptyDatabase(
    `rollcall_doctor_${process.env["JEST_WORKER_ID"]}`,
  );
  const pending = { code: 0, unwell: [["migrations", "warning"]] };
  expect(await examine({ DATABASE_URL })).toMatchObject(pending);
  // The same result again shows that the first run left nothing behind.
  expect(await examine({ DATABASE_URL })).toMatchObject(pending);
});

it("doctor fails with exit code 1 and a hint for an unreachable database", async () => {
  const { code, unwell, findings } = await examine({
    DATABASE_URL: "postgres://me:hunter2@127.0.0.1:9/rollcall",
  });
  expect([code, unwell]).toEqual([1, [["database", "fault"]]]);
  expect(findings.find(({ check }) => check === "database")).toMatchObject({
    words: expect.stringContaining("ECONNREFUSED") as string,
    advice: expect.stringContaining("server runs") as string,
  });
  expect(JSON.stringify(findings)).not.toContain("hunter2");
});

it("all errors of the environment are reported together", async () => {
  const { code, findings } = await examine({ PORT: "x", LOG_LEVEL: "loud" });
  expect(code).toBe(1);
  expect(findings.at(-1)?.words).toMatch(/PORT: .*\n {2}LOG_LEVEL: /);
});

it("without DATABASE_URL doctor checks the data directory and the disk", async () => {
  const directory = makeTempDir();
  const well = await examine({ ROLLCALL_DATA_DIR: join(directory, "not", "yet") });
  expect(well.findings.map(({ check }) => check)).toEqual([
    ...["node", "configuration", "data directory", "disk", "port"],
  ]);
  expect(well.findings[2]).toMatchObject({ state: "ok" });
  writeFileSync(join(directory, "file"), "");
  const { unwell } = await examine({ ROLLCALL_DATA_DIR: join(directory, "file") });
  expect(unwell).toContainEqual(["data directory", "fault"]);
});

it("doctor fails for a port used by another program, not by Rollcall", async () => {
  const other = createHttpServer((_request, response) => response.end("hello"));
  const ROLLCALL_DATA_DIR = makeTempDir();
  const at = async (port: number) =>
    (await examine({ ROLLCALL_DATA_DIR, PORT: String(port) })).findings.at(-1);
  expect(await at(await listeningPort(other))).toMatchObject({ check: "port", state: "fault" });
  other.closeAllConnections();
  other.close();
  const gateway = await startTestGateway();
  const { port } = new URL(gateway.url);
  expect(await firstAnswer(() => at(Number(port)))).toMatchObject({ check: "port", state: "ok" });
  await gateway.stop();
});

it.each([
  ["20.18.3", "fault"],
  ["20.19.0", "ok"],
  ["22.1.0", "ok"],
  ["18.20.1", "fault"],
])("Node %s: %s", (version, state) => {
  expect(checkNode(version)).toMatchObject({ state });
});

it("doctor warns about differing clocks", () => {
  expect(checkClock(-4.9)).toMatchObject({ state: "ok" });
  expect(checkClock(-6)).toMatchObject({
    state: "warning",
    words: expect.stringContaining("6.0 s") as string,
  });
});
