import { join } from "node:path";
import * as fc from "fast-check";
import type { GraphQLObjectType } from "graphql";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser, uniqueName } from "../support/given.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { schema } from "./admitting.js";
import { type Manner, operationOf, type Selected, write } from "./generated-operation.js";

const RUNS = 60;
const NO_OP = join(__dirname, "..", "support", "no-op-plugin.ts");

/** Two gateways on one database: without plugins, and through Apollo Server. */
let direct: TestGateway;
let apollo: SecondGateway;
let admin: string;
beforeAll(async () => {
  direct = await startTestGateway({ LOG_LEVEL: "silent", GRAPHQL_MAX_COST: "200000" });
  await seedDemo(direct.dataSource);
  apollo = await startSecondGateway(direct, {
    LOG_LEVEL: "silent",
    GRAPHQL_MAX_COST: "200000",
    GRAPHQL_PLUGINS: NO_OP,
  });
  admin = await direct.givenKey("ADMIN");
});
afterAll(async () => {
  await apollo?.stop();
  await direct?.stop();
});

interface Operation {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
}

const VOLATILE_HEADERS = ["date", "keep-alive", "x-request-id", "ratelimit"];

async function send(url: string, init: RequestInit, search = "") {
  const response = await fetch(`${url}/graphql${search}`, init);
  const headers = [...response.headers].filter(([name]) => !VOLATILE_HEADERS.includes(name));
  return {
    status: response.status,
    headers: Object.fromEntries(headers),
    body: await response.text(),
  };
}

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", authorization: `Bearer ${admin}`, ...headers },
  body,
});

/** @returns the response, which is the same both ways */
async function expectSame(init: RequestInit, search = "") {
  const response = await send(direct.url, init, search);
  expect(await send(apollo.url, init, search)).toEqual(response);
  return response;
}

const expectSameResult = (operation: Operation, headers?: Record<string, string>) =>
  expectSame(post(JSON.stringify(operation), headers));

const rootOf = (type: GraphQLObjectType | null | undefined): GraphQLObjectType => {
  if (!type) throw new Error("the schema has no such root");
  return type;
};

it("any generated query has the same response with and without plugins", async () => {
  const manners: Manner[] = ["plain", "aliased", "inline fragments", "named fragments"];
  let succeeded = 0;
  await fc.assert(
    fc.asyncProperty(
      operationOf(rootOf(schema.getQueryType()), () => true),
      fc.constantFrom(...manners),
      async (selected: Selected[], manner) => {
        const { status, body } = await expectSameResult(write("query", selected, manner));
        if (status === 200 && body.startsWith(`{"data":`)) succeeded += 1;
      },
    ),
    { numRuns: RUNS },
  );
  expect(succeeded).toBeGreaterThan(RUNS / 6);
});

it("any generated mutation that changes nothing has the same refusal with and without plugins", async () => {
  const isWanted = (name: string) => !["login", "logout"].includes(name);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      operationOf(rootOf(schema.getMutationType()), isWanted),
      async (selected: Selected[]) => {
        const init = post(JSON.stringify(write("mutation", selected.slice(0, 1), "plain")));
        const response = await send(direct.url, init);
        const { data } = JSON.parse(response.body) as { data?: object | null };
        if (data) return;
        expect(await send(apollo.url, init)).toEqual(response);
        refused += 1;
      },
    ),
    { numRuns: RUNS },
  );
  expect(refused).toBeGreaterThan(RUNS / 6);
});

it.each<[string, Operation]>([
  ["a document that does not parse", { query: "{" }],
  ["a document that does not fit the schema", { query: "{ nothing }" }],
  ["an unknown operation name", { query: "{ viewer { name } }", operationName: "x" }],
  ["a document that costs too much", { query: `{ ${manyUsers(30)} }` }],
  [
    "a wrong variable",
    { query: "query ($n: Int) { users(first: $n) { totalCount } }", variables: { n: "x" } },
  ],
  ["a missing variable", { query: "query ($id: ID!) { node(id: $id) { id } }" }],
  [
    "null for an argument that must not be null",
    {
      query: `query ($id: ID = "x") { node(id: $id) { id } }`,
      variables: { id: null },
    },
  ],
  ["a bad argument", { query: "{ users(first: 101) { nodes { id } } }" }],
  [
    "an error below a nullable field",
    {
      query: `{ viewer { name } users(first: 2) { nodes { id statusHistory(after: "x") { totalCount } } } }`,
    },
  ],
  ["introspection", { query: '{ __schema { queryType { name } } __type(name: "User") { name } }' }],
  [
    "conditional fields",
    {
      query: "query ($a: Boolean!) { viewer { name @skip(if: $a) kind @include(if: $a) } }",
      variables: { a: true },
    },
  ],
  [
    "aliases that are no ordinary properties",
    { query: "{ __proto__: viewer { constructor: name toString: kind } }" },
  ],
  [
    "a mutation of which one part fails",
    {
      query: `mutation { a: updateGroup(input: { id: "x", name: "y" }) { group { id } } b: createGroup(input: { name: "" }) { group { id } } }`,
    },
  ],
])("%s has the same response with and without plugins", async (_what, operation) => {
  await expectSameResult(operation);
  await expectSameResult(operation, { accept: "application/json" });
  await expectSameResult(operation, { accept: "application/graphql-response+json" });
  await expectSameResult(operation, { accept: "text/html" });
});

function manyUsers(count: number): string {
  const fields = "nodes { views { view { name } } groups { name } }";
  return Array.from({ length: count }, (_, i) => `u${i}: users(first: 100) { ${fields} }`).join(
    " ",
  );
}

it.each<[string, RequestInit, string]>([
  [
    "a body that is not JSON",
    { method: "POST", headers: { "content-type": "application/json" }, body: "{" },
    "",
  ],
  [
    "a body of another type",
    { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" },
    "",
  ],
  [
    "an unknown credential",
    {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer x" },
      body: "{}",
    },
    "",
  ],
  ["an anonymous query", {}, "?query={viewer{name}}"],
  ["a mutation by GET", {}, "?query=mutation{logout{ok}}"],
])("%s has the same refusal with and without plugins", async (_what, init, search) => {
  const { status } = await expectSame(init, search);
  expect(status).toBeGreaterThanOrEqual(400);
});

it("a query by GET has the same response with and without plugins", async () => {
  const headers = { authorization: `Bearer ${admin}` };
  const { status } = await expectSame({ headers }, "?query={viewer{name,kind}}");
  expect(status).toBe(200);
});

it.each(["without plugins first", "through Apollo Server first"])(
  "the stored response of an Idempotency-Key is replayed both ways, executed %s",
  async (order) => {
    const urls = [direct.url, apollo.url];
    if (order.startsWith("through")) urls.reverse();
    const [first = "", second = ""] = urls;
    const query = `mutation { createGroup(input: { name: "${uniqueName()}" }) { group { id name } } }`;
    const init = post(JSON.stringify({ query }), { "idempotency-key": uniqueName("key") });
    const { headers, ...response } = await send(first, init);
    expect(response.body).toContain(`"createGroup":{"group"`);
    const replayed = { ...headers, "idempotency-replayed": "true" };
    expect(await send(second, init)).toEqual({ headers: replayed, ...response });
    expect(await send(first, init)).toEqual({ headers: replayed, ...response });
  },
);

it("each change of a mutation is made once and in order through Apollo Server", async () => {
  const user = await givenUser(direct);
  const set = (statusId: number) =>
    `setStatus(input: { user: { id: "${user.globalId}" }, statusId: ${statusId} }) { presence { status { id } } }`;
  const { body } = await send(
    apollo.url,
    post(JSON.stringify({ query: `mutation { a: ${set(2)} b: ${set(5)} }` })),
  );
  expect((JSON.parse(body) as { data: unknown }).data).toEqual({
    a: { presence: { status: { id: 2 } } },
    b: { presence: { status: { id: 5 } } },
  });
  const history = await direct.dataSource.query<unknown[]>(
    `SELECT 1 FROM status_changes WHERE user_id = $1`,
    [user.id],
  );
  expect(history).toHaveLength(2);
});
