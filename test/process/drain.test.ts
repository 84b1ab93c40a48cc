import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Client } from "pg";
import { GracefulShutdown } from "../../src/http/graceful-shutdown.js";
import { createWorkerDatabase } from "../support/database.js";
import { eventually } from "../support/eventually.js";
import { startWebSocketClient } from "../support/subscription-client.js";
import { openRawStream } from "../support/raw-stream.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { build, BUILD_MS, cleanUp, start } from "./gateway-process.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const COUNT = "{ users { totalCount } }";
const CLIENTS = 20;

beforeAll(build, BUILD_MS);
afterAll(cleanUp);

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

/** @throws when the connection breaks before the answer is complete */
async function read(url: string, agent: Agent): Promise<Answer> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, "x-requested-by": "test" };
  const request = get(url, { agent, headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let body = "";
  for await (const part of response.setEncoding("utf8")) body += part as string;
  return { status: response.statusCode, connection: response.headers.connection, body };
}

it("on SIGTERM under load no request is lost, connections close gracefully and sockets are closed with 1001", async () => {
  const databaseUrl = await createWorkerDatabase();
  const gateway = await start({
    DATABASE_URL: databaseUrl,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    LOG_LEVEL: "error",
    // Longer than the requests of the test take, and than the test holds its lock.
    DRAIN_NOTICE_MS: "8000",
    DATABASE_STATEMENT_TIMEOUT_MS: "60000",
    ANSWER_TIMEOUT_MS: "60000",
  });
  const count = `${gateway.url}/graphql?query=${encodeURIComponent(COUNT)}`;
  const agent = new Agent({ keepAlive: true });
  const prober = new Agent({ keepAlive: true });
  const statusOf = async () => (await read(`${gateway.url}/readyz`, prober)).status;

  const socket = startWebSocketClient(gateway.url, ADMIN_KEY);
  socket.subscribe(`subscription { userChanged { cursor } }`);
  const query = `subscription { tabRefreshed(tabId: "any") { tabId } }`;
  const stream = await openRawStream(gateway.url, ADMIN_KEY, { body: { query } });

  // Each client sends one request after the other until the process reports that it is not ready.
  let isReady = true;
  const answers: Answer[] = [];
  const load = Array.from({ length: CLIENTS }, async () => {
    while (isReady) answers.push(await read(count, agent));
  });
  await eventually(() => {
    expect(answers.length).toBeGreaterThan(5 * CLIENTS);
    return Promise.resolve();
  });
  const idle = new Agent({ keepAlive: true, maxSockets: 1 });
  expect((await read(count, idle)).connection).toBe("keep-alive");
  const holder = new Client({ connectionString: databaseUrl });
  await holder.connect();
  await holder.query(`BEGIN; LOCK TABLE users IN SHARE MODE`);
  const held = gateway.ask(
    ADMIN_KEY,
    `mutation { createUser(input: { username: "in.flight" }) { user { username } } }`,
  );
  await eventually(async () => {
    const { rows } = await holder.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(rows).toHaveLength(1);
  });

  const before = answers.length;
  const ended = gateway.end("SIGTERM");
  await eventually(async () => expect(await statusOf()).toBe(503));
  await eventually(() => {
    expect(answers.length).toBeGreaterThan(before + 2 * CLIENTS);
    return Promise.resolve();
  });
  isReady = false;
  await Promise.all(load);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers.at(-1)?.connection).toBe("close");
  expect(await read(count, idle)).toMatchObject({ status: 200, connection: "close" });

  expect(await socket.closed).toMatchObject({ code: 1001 });
  // The stream ends without a `complete` event.
  expect(await stream.rest()).toMatch(/^(:\n\n)*$/);
  await holder.query(`ROLLBACK`);
  expect(await held).toMatchObject({
    status: 200,
    data: { createUser: { user: { username: "in.flight" } } },
  });
  expect((await ended).code).toBe(0);
  await holder.end();
});

it("on SIGTERM with a silent database the gateway still ends", async () => {
  const { proxy, url } = await TcpProxy.beforeUrl(await createWorkerDatabase());
  const gateway = await start({
    DATABASE_URL: url,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    DATABASE_STATEMENT_TIMEOUT_MS: "3000",
    DRAIN_TIMEOUT_MS: "500",
  });
  await Promise.all(Array.from({ length: 3 }, () => gateway.ask(ADMIN_KEY, COUNT)));
  proxy.stall();
  const cut = expect(gateway.ask(ADMIN_KEY, COUNT)).rejects.toThrow("fetch failed");
  expect((await gateway.end("SIGTERM")).code).toBe(0);
  await cut;
  await proxy.close();
});

it("a response to a slow reader is sent whole during shutdown", async () => {
  const answer = Buffer.alloc(20_000_000, "a");
  const server = createServer((_request, response) => response.end(answer));
  const drain = new GracefulShutdown(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const reader = connect(port, "127.0.0.1");
  reader.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(reader, "readable");

  drain.begin();
  const finished = drain.finish(20_000);
  // New connections are refused, and the client has read nothing yet.
  await expect(once(connect(port, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED");
  let length = 0;
  for await (const part of reader) length += (part as Buffer).length;
  expect(length).toBeGreaterThan(answer.length);
  await finished;
});
