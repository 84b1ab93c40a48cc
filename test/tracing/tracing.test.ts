import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readDoc, root } from "../docs/markdown.js";
import { build, BUILD_MS, cleanUp, start } from "../process/gateway-process.js";
import { createEmptyDatabase } from "../support/database.js";
import { PATIENT } from "../support/gateway.js";
import { Collector, type SeenSpan } from "./collector.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const SERVER = 2;
const PARENT = "00f067aa0ba902b7";
const USERNAME = "ann-of-the-traces";

const traceIds = Array.from({ length: 29 }, (_, i) => String(i + 1).padStart(32, "a"));
const [changing = "", refused = "", legacy = "", unsampled = "", ...others] = traceIds;
const [crowd, inLine, [denied = ""]] = [
  others.slice(0, 20),
  others.slice(20, 24),
  others.slice(24),
];

let collector: Collector;
let output: string;

const asPartOf = (traceId: string, flags = "01") => ({
  traceparent: `00-${traceId}-${PARENT}-${flags}`,
  "x-request-id": traceId,
});

/** The gateway has sent all spans when it has stopped. */
beforeAll(async () => {
  await build();
  collector = await Collector.start();
  const gateway = await start({
    ...PATIENT,
    DATABASE_URL: await createEmptyDatabase(`rollcall_tracing_${process.env["JEST_WORKER_ID"]}`),
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    TRUSTED_PROXIES: "127.0.0.1,::1",
    DATABASE_POOL_MAX: "2",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: "front desk",
  });
  const made = await gateway.ask(
    ADMIN_KEY,
    `mutation { createUser(input: { username: "${USERNAME}" }) { user { id } } }`,
  );
  expect(made.errors).toBeUndefined();
  const set = `mutation { setStatus(input: { user: { username: "${USERNAME}" }, statusId: 5 }) {
    presence { status { name } user { displayName } } } }`;
  expect((await gateway.ask(ADMIN_KEY, set, asPartOf(changing))).errors).toBeUndefined();
  // Changes of one user run one at a time; the others wait.
  await Promise.all(inLine.map((id) => gateway.ask(ADMIN_KEY, set, asPartOf(id))));
  const toUnknown = set.replace("statusId: 5", "statusId: 99");
  expect((await gateway.ask(ADMIN_KEY, toUnknown, asPartOf(denied))).errors).toHaveLength(1);
  await gateway.ask(null, `{ viewer { name } }`, asPartOf(refused));
  await fetch(`${gateway.url}/rest/v1.0/1/users/user/4711`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...asPartOf(legacy) },
  });
  await gateway.ask(ADMIN_KEY, `{ groups { id } }`, asPartOf(unsampled, "00"));
  // More requests than connections, so that they wait for connections.
  const list = `{ users(first: 3) { nodes { groups { name } presence { status { name } } } } }`;
  // The first execution learns which columns are needed.
  await gateway.ask(ADMIN_KEY, list);
  await Promise.all(crowd.map((id) => gateway.ask(ADMIN_KEY, list, asPartOf(id))));
  const ended = await gateway.end("SIGTERM");
  expect(ended.code).toBe(0);
  output = ended.output;
}, BUILD_MS);
afterAll(() => {
  collector.stop();
  cleanUp();
});

const below = (spans: readonly SeenSpan[], parent: SeenSpan | undefined): SeenSpan[] =>
  spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId);

it("spans are exported to the OTLP endpoint under the service name", () => {
  expect([...collector.paths]).toEqual(["/v1/traces"]);
  expect(collector.resources[0]).toMatchObject({ "service.name": "front desk" });
});

it("a request span contains the operation span, its transaction and statements", () => {
  const spans = collector.ofTrace(changing);
  const request = spans.find(({ kind }) => kind === SERVER);
  expect(request).toMatchObject({
    name: "POST /graphql",
    parentSpanId: PARENT,
    attributes: {
      "http.request.method": "POST",
      "http.response.status_code": 200,
      "http.route": "/graphql",
      "rollcall.door": "GRAPHQL",
      "rollcall.request_id": changing,
      "rollcall.credential": expect.stringMatching(/./),
    },
  });
  const [operation, ...others] = below(spans, request).filter(
    ({ name }) => name !== "WITH" && name !== "SELECT",
  );
  expect(others).toEqual([]);
  expect(operation).toMatchObject({
    name: "mutation setStatus",
    attributes: { "graphql.operation.type": "mutation" },
  });
  const [transaction] = below(spans, operation).filter(({ name }) => name === "transaction");
  expect(transaction?.attributes).toEqual({ "rollcall.outcome": "commit" });
  const statements = below(spans, transaction).map(({ name }) => name);
  expect(statements.slice(0, 1)).toEqual(["START"]);
  expect(statements).toEqual(expect.arrayContaining(["SELECT", "WITH", "COMMIT"]));
  // Neither resolvers nor anything else.
  const names = new Set(spans.map(({ name }) => name));
  for (const known of ["POST /graphql", "mutation setStatus", "transaction"]) names.delete(known);
  expect([...names].filter((name) => !/^[A-Z]+$/.test(name))).toEqual([]);
});

it("a change that waited for another one is in the trace of its own request", () => {
  expect(inLine).toHaveLength(4);
  for (const id of inLine) {
    const spans = collector.ofTrace(id);
    const [operation] = spans.filter(({ name }) => name === "mutation setStatus");
    expect(below(spans, operation).filter(({ name }) => name === "transaction")).toHaveLength(1);
  }
});

it("the trace of a refused change shows the rollback", () => {
  const [transaction] = collector.ofTrace(denied).filter(({ name }) => name === "transaction");
  expect(transaction?.attributes).toEqual({ "rollcall.outcome": "rollback" });
});

it("the log has the trace id", () => {
  expect(output).toMatch(new RegExp(`"requestId":"${changing}","traceId":"${changing}"`));
});

it("spans have statement texts and no client data", () => {
  const statements = collector.spans.filter(({ attributes }) => "db.query.text" in attributes);
  expect(statements.length).toBeGreaterThan(20);
  const all = JSON.stringify(collector.spans);
  expect(all).toContain("FROM presences");
  for (const said of [USERNAME, ADMIN_KEY]) expect(all).not.toContain(said);
});

it("each statement is in the trace of its own request, also after waiting for a connection", () => {
  const shapes = crowd.map((id) =>
    collector
      .ofTrace(id)
      .filter(({ attributes }) => "db.query.text" in attributes)
      .map(({ attributes }) => String(attributes["db.query.text"]))
      // Concurrent requests share lookups by key: credentials, statuses, properties of users.
      .filter((text) => !/secret_hash|FROM statuses|= ANY\(\$1::int\[\]\)/.test(text))
      .sort(),
  );
  expect(shapes).toHaveLength(20);
  expect(shapes[0]?.length).toBeGreaterThanOrEqual(1);
  for (const shape of shapes) expect(shape).toEqual(shapes[0]);
});

it("a refusal's span has its code, and a route its template", () => {
  const [request] = collector.ofTrace(refused).filter(({ kind }) => kind === SERVER);
  expect(request?.attributes).toMatchObject({ "error.type": "UNAUTHENTICATED" });
  const [old] = collector.ofTrace(legacy).filter(({ kind }) => kind === SERVER);
  expect(old).toMatchObject({
    name: "GET /:clientsId/users/user/:usersId",
    attributes: { "rollcall.door": "JTEL", "http.response.status_code": 404 },
  });
});

it("unsampled requests and background work are not exported", () => {
  expect(collector.ofTrace(unsampled)).toEqual([]);
  const roots = collector.spans.filter(
    ({ parentSpanId }) => parentSpanId === undefined || parentSpanId === "",
  );
  expect(roots.filter(({ kind }) => kind !== SERVER)).toEqual([]);
});

it("an unreachable collector blocks neither responses nor the shutdown", async () => {
  const gateway = await start({
    DATABASE_URL: await createEmptyDatabase(`rollcall_untraced_${process.env["JEST_WORKER_ID"]}`),
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
  });
  const { data } = await gateway.ask(ADMIN_KEY, `{ viewer { name } }`);
  expect(data).toEqual({ viewer: { name: "bootstrap" } });
  expect((await gateway.end("SIGTERM")).code).toBe(0);
});

it("without a collector the SDK is not loaded", () => {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("src", name));
  const importing = (what: RegExp) => sources.filter((name) => what.test(readDoc(name)));
  expect(importing(/from "@opentelemetry\/(?!api")/)).toEqual([
    "src/observability/tracing/export.ts",
  ]);
  expect(importing(/from "[./]*(tracing\/)?export\.js"/)).toEqual([]);
  expect(importing(/import\("\.\/export\.js"\)/)).toEqual(["src/observability/tracing/index.ts"]);
});
