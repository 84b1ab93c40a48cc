import { connect } from "node:net";
import { once } from "node:events";
import { readiness } from "../support/first-answer.js";
import {
  build,
  BUILD_MS,
  cleanUp,
  type GatewayProcess,
  givenDataDir,
  launch,
  postgresIn,
  said,
  start,
} from "./gateway-process.js";

const dataDir = givenDataDir();
const environment = { ROLLCALL_DATA_DIR: dataDir };

beforeAll(build, BUILD_MS);
afterAll(cleanUp);

const COUNT = `{ users { totalCount } }`;
const DEMO_PEOPLE = { users: { totalCount: 62 } };

let firstKey: string | null;

it("the first start fills an empty directory, prints the addresses and answers", async () => {
  const gateway = await start(environment);
  firstKey = gateway.demoKey;
  expect(gateway.output()).toContain("Created the demo contact centre");
  expect(gateway.output()).toMatch(new RegExp(`Data +${dataDir}\n`));
  expect(gateway.url).toMatch(/^http:\/\/localhost:\d+$/);

  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  expect(await readiness(gateway.url)).toBe(200);
  const { data } = await gateway.ask(firstKey, COUNT);
  expect(data).toEqual(DEMO_PEOPLE);

  expect((await gateway.end("SIGTERM")).code).toBe(0);
  expect(postgresIn(dataDir)).toBeUndefined();
});

it("everything acknowledged survives kill -9, the key stays the same, and SIGINT ends the process", async () => {
  const gateway = await start(environment);
  const acknowledged = await writeUntilKilled(gateway);

  const next = await start(environment);
  expect(next.demoKey).toBe(firstKey);
  expect(next.output()).not.toContain("Created the demo contact centre");
  const names = await usernames(next, acknowledged);
  expect(names).toEqual(acknowledged);
  expect((await next.end("SIGINT")).code).toBe(0);
  expect(postgresIn(dataDir)).toBeUndefined();
});

it("an interrupted first start leaves no Postgres behind, and the next start is complete", async () => {
  const freshDir = givenDataDir();
  const starting = launch({ ROLLCALL_DATA_DIR: freshDir });
  await said(/Started Postgres/, starting);
  starting.child.kill("SIGINT");
  expect((await starting.ended).code).toBe(0);
  expect(postgresIn(freshDir)).toBeUndefined();

  const gateway = await start({ ROLLCALL_DATA_DIR: freshDir });
  expect((await gateway.ask(gateway.demoKey, COUNT)).data).toEqual(DEMO_PEOPLE);
  // Ctrl-C under npm sends two signals: one from the terminal and one from npm.
  gateway.child.kill("SIGINT");
  expect((await gateway.end("SIGINT")).code).toBe(0);
  expect(postgresIn(freshDir)).toBeUndefined();
});

it("two processes that start on one empty directory share it, and the last one stops Postgres", async () => {
  const sharedDir = givenDataDir();
  const [one, other] = await Promise.all([
    start({ ROLLCALL_DATA_DIR: sharedDir }),
    start({ ROLLCALL_DATA_DIR: sharedDir }),
  ]);
  expect(other.demoKey).toBe(one.demoKey);
  await one.ask(
    one.demoKey,
    `mutation { createUser(input: { username: "shared" }) { user { id } } }`,
  );
  expect(await usernames(other, ["shared"])).toEqual(["shared"]);

  expect((await one.end("SIGTERM")).code).toBe(0);
  expect(await usernames(other, ["shared"])).toEqual(["shared"]);
  expect((await other.end("SIGTERM")).code).toBe(0);
  expect(postgresIn(sharedDir)).toBeUndefined();
});

it("an unfinished request does not block the shutdown, and SIGHUP ends the process", async () => {
  const gateway = await start({ ...environment, DRAIN_TIMEOUT_MS: "500" });
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
  await gateway.ask(firstKey, COUNT); // by now the gateway has received the unfinished request

  expect((await gateway.end("SIGHUP")).code).toBe(0);
  expect(postgresIn(dataDir)).toBeUndefined();
  socket.destroy();
});

/** Creates users as fast as possible and kills the process meanwhile. @returns the acknowledged ones */
async function writeUntilKilled(gateway: GatewayProcess): Promise<string[]> {
  const wanted = Array.from({ length: 60 }, (_, i) => `killed-${String(i).padStart(2, "0")}`);
  const acknowledged: string[] = [];
  await Promise.all(
    wanted.map(async (username) => {
      const query = `mutation { createUser(input: { username: "${username}" }) { user { id } } }`;
      const answer = await gateway.ask(firstKey, query).catch(() => undefined);
      if (answer?.data) acknowledged.push(username);
      if (acknowledged.length === 20) gateway.child.kill("SIGKILL");
    }),
  );
  expect(acknowledged.length).toBeGreaterThanOrEqual(20);
  return acknowledged.sort();
}

/** Those of these usernames that exist. */
async function usernames({ ask, demoKey }: GatewayProcess, among: string[]): Promise<string[]> {
  const fields = among.map((name, i) => `u${i}: user(by: { username: "${name}" }) { username }`);
  const { data } = await ask(demoKey, `{ ${fields.join(" ")} }`);
  const users = Object.values(data ?? {}) as ({ username: string } | null)[];
  return users.flatMap((user) => (user ? [user.username] : []));
}
