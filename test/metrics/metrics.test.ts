import { fromGlobalId } from "../../src/domain/global-id.js";
import { readDoc, sectionOf, tableIn } from "../docs/markdown.js";
import { dataOf } from "../graphql/answers.js";
import { givenPerson, type Person } from "../graphql/given.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { letEnd } from "../support/let-end.js";
import { subscriptionClients } from "../support/subscription-client.js";
import { startSecondGateway } from "../support/second-gateway.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { readMetrics, type Scraped, valueOf } from "./scrape.js";

const TOKEN = "token-of-the-metrics-0123456789abcdefgh";

let gateway: TestGateway;
let proxy: TcpProxy;
let admin: string;
let reader: string;
let person: Person;

beforeAll(async () => {
  gateway = await startTestGateway(async (url) => {
    const way = await TcpProxy.beforeUrl(url);
    proxy = way.proxy;
    return {
      LOG_LEVEL: "silent",
      METRICS_TOKEN: TOKEN,
      DATABASE_URL: way.url,
      DATABASE_POOL_WAIT_MS: "5000",
    };
  });
  admin = await gateway.givenKey("ADMIN");
  reader = await gateway.givenKey("USER_READ");
  person = await givenPerson(gateway, admin);
});
afterAll(async () => {
  await gateway.stop();
  await proxy.close();
});

const askAs = (secret: string | null, method = "GET"): Promise<Response> =>
  fetch(`${gateway.url}/metrics`, {
    method,
    headers: secret === null ? {} : { authorization: `Bearer ${secret}` },
  });

async function scrape(): Promise<Scraped> {
  return readMetrics(await (await askAs(TOKEN)).text());
}

/** Metrics are updated shortly after the response. */
const becomes = (
  name: string,
  labels: Readonly<Record<string, string>>,
  expected: (value: number) => boolean,
) =>
  eventually(async () => {
    const value = valueOf(await scrape(), name, labels);
    if (!expected(value)) throw new Error(`${name} ${JSON.stringify(labels)} is ${value}`);
  });

const DURATIONS = "rollcall_request_duration_seconds_count";

describe("access to the metrics", () => {
  it.each([
    ["no credential", () => null, 401],
    ["an unknown token", () => `${TOKEN}x`, 401],
    ["a key that has only USER_READ", () => reader, 403],
    ["a key with ADMIN", () => admin, 200],
    ["the metrics token", () => TOKEN, 200],
  ])("/metrics for %s has the expected status", async (_, secret, status) => {
    const answer = await askAs(secret());
    expect(answer.status).toBe(status);
    expect((await answer.text()).includes("rollcall_build_info")).toBe(status === 200);
  });

  it("the metrics token opens nothing else", async () => {
    expect((await gateway.ask(TOKEN, `{ viewer { name } }`)).status).toBe(401);
  });

  it("/metrics accepts GET and HEAD only", async () => {
    expect((await askAs(TOKEN, "POST")).status).toBe(405);
    const head = await askAs(TOKEN, "HEAD");
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("with METRICS_ENABLED=false /metrics does not exist", async () => {
    const other = await startSecondGateway(gateway, { METRICS_ENABLED: "false" });
    const answer = await fetch(`${other.url}/metrics`, {
      headers: { authorization: `Bearer ${admin}` },
    });
    expect(answer.status).toBe(404);
    await other.stop();
  });
});

describe("of requests", () => {
  it("requests are counted and timed by operation and route", async () => {
    const asked = { door: "GRAPHQL", kind: "query", operation: "groups" };
    const before = valueOf(await scrape(), DURATIONS, asked);
    await gateway.ask(reader, `{ groups { id } }`);
    await becomes(DURATIONS, asked, (count) => count === before + 1);

    await fetch(`${gateway.url}/rest/v1.0/1/users/user/4711`, {
      headers: { authorization: `Bearer ${reader}` },
    });
    const route = { door: "JTEL", kind: "GET", operation: "/:clientsId/users/user/:usersId" };
    await becomes(DURATIONS, route, (count) => count === 1);
  });

  it("names invented by clients create no series", async () => {
    const send = async (name: string) => {
      await gateway.ask(reader, `query ${name} { ${name}: groups { ${name}: id } }`);
      await gateway.ask(reader, `{ ${name} }`);
      await fetch(`${gateway.url}/api/v2/user/${name}`);
      await fetch(`${gateway.url}/${name}`);
    };
    await send("Aa");
    await becomes(DURATIONS, { door: "OMNIDESK", operation: "unread" }, (count) => count === 1);
    const known = [...(await scrape()).keys()];
    for (const name of ["Bb", "Cc", "Dd"]) await send(name);
    await becomes(DURATIONS, { door: "OMNIDESK", operation: "unread" }, (count) => count === 4);
    const added = [...(await scrape()).keys()].filter((name) => !known.includes(name));
    expect(added.filter((name) => /Bb|Cc|Dd/.test(name))).toEqual([]);
    // Background work may have added series of its own meanwhile.
    expect(added.filter((name) => /^rollcall_re(quest|fusal|sponse)/.test(name))).toEqual([]);
  });

  it("refusals are counted by API and code", async () => {
    const forbidden = { door: "GRAPHQL", code: "FORBIDDEN" };
    const before = valueOf(await scrape(), "rollcall_refusals_total", forbidden);
    await gateway.ask(reader, `{ apiKeys { id } }`);
    await becomes("rollcall_refusals_total", forbidden, (count) => count === before + 1);
    await fetch(`${gateway.url}/rest/v1.0/1/users`);
    const unknown = { door: "JTEL", code: "UNAUTHENTICATED" };
    await becomes("rollcall_refusals_total", unknown, (count) => count === 1);
    await becomes("rollcall_responses_total", { status: "401" }, (count) => count >= 1);
  });
});

it("metrics count open sockets, streams and subscriptions and the outbox position", async () => {
  const clients = Object.values(subscriptionClients).map((start) => start(gateway.url, reader));
  const told = clients.map((client) =>
    client.subscribe(`subscription { presenceChanged { cursor } }`).next(),
  );
  await becomes("rollcall_subscriptions", {}, (count) => count === 2);
  await becomes("rollcall_live_connections", { transport: "web_socket" }, (count) => count === 1);
  await becomes("rollcall_live_connections", { transport: "event_stream" }, (count) => count === 1);
  await becomes("rollcall_doorbell_listening", {}, (value) => value === 1);

  const user = { id: person.id };
  const set = `mutation ($input: SetStatusInput!) { setStatus(input: $input) { presence { id } } }`;
  dataOf(await gateway.ask(admin, set, { input: { user, statusId: 5 } }));
  await Promise.all(told);
  const [{ last }] = await gateway.dataSource.query<[{ last: string }]>(
    `SELECT max(id) AS last FROM events`,
  );
  await becomes("rollcall_outbox_last_id", {}, (id) => id === Number(last));
  for (const client of clients) client.dispose();
  await becomes("rollcall_subscriptions", {}, (count) => count === 0);
  await becomes("rollcall_subscriptions_started_total", {}, (count) => count === 2);
  await becomes("rollcall_live_connections", {}, (count) => count === 0);
});

it("metrics count written heartbeats and the delay of published expiries", async () => {
  const user = { id: person.id };
  const beat = `mutation ($input: HeartbeatInput!) { heartbeat(input: $input) { presence { id } } }`;
  for (let sent = 0; sent < 2; sent += 1) {
    dataOf(await gateway.ask(admin, beat, { input: { user } }));
  }
  await becomes("rollcall_heartbeats_written_total", {}, (count) => count === 1);

  const of = { of: "presences" };
  const before = valueOf(await scrape(), "rollcall_expiry_lateness_seconds_count", of);
  const until = new Date(Date.now() + 30_000).toISOString();
  const set = `mutation ($input: SetStatusInput!) { setStatus(input: $input) { presence { id } } }`;
  dataOf(await gateway.ask(admin, set, { input: { user, statusId: 5, until } }));
  await letEnd(gateway, { id: Number(fromGlobalId(person.id)?.key) });
  await becomes("rollcall_expiry_lateness_seconds_count", of, (count) => count === before + 1);
  await becomes("rollcall_sweep_duration_seconds_count", of, (count) => count > 0);
  await becomes("rollcall_sweep_duration_seconds_count", { of: "reservations" }, (n) => n > 0);
});

it("every metric is explained in docs/operations.md", async () => {
  const described = tableIn(sectionOf(readDoc("docs/operations.md"), "Metrics"));
  const help = await (await askAs(TOKEN)).text();
  const named = [...help.matchAll(/^# HELP (rollcall_\w+) \S/gm)].map(([, name]) => name);
  expect(described.map(([name]) => name).sort()).toEqual(named.sort());
  expect(help).toMatch(/^nodejs_eventloop_lag_p99_seconds \S/m);
  expect(help).toMatch(/^process_cpu_seconds_total \S/m);
});

it("without the database the metrics are readable with the token and show waiting requests", async () => {
  proxy.stall();
  const waiting: Promise<unknown>[] = [];
  let shown = await scrape();
  while (valueOf(shown, "rollcall_database_waiting") === 0) {
    // A different key each time, one after the other: concurrent or equal requests would share lookups and connections.
    waiting.push(gateway.ask(`nobody's-key-${waiting.length}`, `{ groups { id } }`));
    await becomes("rollcall_requests_in_flight", {}, (count) => count === waiting.length);
    shown = await scrape();
  }
  expect(valueOf(shown, "rollcall_database_connections", { state: "busy" })).toBe(10);
  expect((await askAs(admin)).status).toBe(503);
  proxy.resume();
  await Promise.all(waiting);
  await becomes("rollcall_requests_in_flight", {}, (count) => count === 0);
});
