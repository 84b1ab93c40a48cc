import * as fc from "fast-check";
import { getIntrospectionQuery, getOperationAST, parse } from "graphql";
import { Context } from "../../src/graphql/context.js";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { system } from "../../src/domain/actor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import { createExecutor } from "../../src/graphql/execution/executor.js";
import { createLoaders, type Loaders } from "../../src/loaders/index.js";
import { schema } from "../graphql/admitting.js";
import { everythingOf } from "../graphql/everything-of.js";
import { type Manner, operationOf, type Selected, write } from "../graphql/generated-operation.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { recordSql } from "../support/record-sql.js";
import { executeBoth, expectEquivalentResult, expectSameResult } from "./both-executors.js";

let gateway: TestGateway;
let loaders: Loaders;
beforeAll(async () => {
  gateway = await startTestGateway({ GRAPHQL_MAX_COST: "1000000" });
  await seedDemo(gateway.dataSource);
  loaders = createLoaders(gateway.services.reader);
});
afterAll(() => gateway.stop());

const ours = createExecutor(schema, { arePropertiesPlain: true });
const actor = system("test");
const context = () => new Context(actor, gateway.services, loaders);

const executeOperation = (query: string, variables: Record<string, unknown> = {}) =>
  executeBoth(schema, { query, variables }, context, ours);

async function expectSame(query: string, variables: Record<string, unknown> = {}): Promise<void> {
  const { errors } = await expectSameResult(schema, { query, variables }, context, ours);
  expect([query, errors]).toEqual([query, []]);
}

describe("the text of data is that of GraphQL.js", () => {
  it.each(["users", "agents", "presences"])(
    "data of %s equals that of GraphQL.js",
    async (list) => {
      const type = { users: "User", agents: "Agent", presences: "Presence" }[list] ?? "";
      await expectSame(`{ ${list}(first: 20) ${everythingOf(`${type}Connection`)} }`);
      await expectSame(`{ ${list}(last: 3) { edges { cursor node { __typename id } } } }`);
    },
  );

  it("data of an empty list equals that of GraphQL.js", () =>
    expectSame(
      `{ users(filter: { search: "nobody at all" }) { nodes { id groups { name } } pageInfo { endCursor } } }`,
    ));

  it("data of mixed types with nulls equals that of GraphQL.js", async () => {
    const [user] = await gateway.dataSource.query<{ id: number }[]>(
      `SELECT user_id AS id FROM agents ORDER BY 1 LIMIT 1`,
    );
    const key = user?.id ?? 0;
    const ids = ["User", "Agent", "Presence", "Agent", "User"].map((type, i) =>
      toGlobalId(type as "User", i === 3 ? 2_000_000_000 : key),
    );
    await expectSame(
      `query ($ids: [ID!]!) { nodes(ids: $ids) {
         __typename id ...person ... on Agent { user { ...person } maxChats } ... on Presence { status { name } } } }
       fragment person on User { username groups { name } agent { availability } }`,
      { ids },
    );
  });

  it("data of aliased fields with arguments equals that of GraphQL.js", () =>
    expectSame(`{ users(first: 5) { nodes {
      a: statusHistory(first: 1) { totalCount nodes { cause to { name } } }
      b: statusHistory(first: 2) { nodes { cause } } c: views(search: "a") { view { name } } d: views { selected } } } }`));

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])("data with @skip and @include for %s and %s equals that of GraphQL.js", (a, b) =>
    expectSame(
      `query ($a: Boolean!, $b: Boolean! = true) { users(first: 2) { nodes {
         id username @skip(if: $a) presence @include(if: $b) { online } ... @include(if: $a) { email } } } }`,
      { a, b },
    ),
  );

  it("any query, however it is written, has the data and errors of GraphQL.js", async () => {
    const root = schema.getQueryType();
    if (!root) throw new Error("no queries");
    const manners: Manner[] = ["plain", "aliased", "inline fragments", "named fragments"];
    let succeeded = 0;
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(
        operationOf(root, () => true, { schema, directives: true }),
        fc.constantFrom(...manners),
        async (selected: Selected[], manner) => {
          const { query, variables } = write("query", selected, manner);
          const results = await executeOperation(query, variables);
          expectEquivalentResult(results);
          if (results.actual.errors.length === 0) succeeded += 1;
          else failed += 1;
        },
      ),
      { numRuns: 150 },
    );
    expect(succeeded).toBeGreaterThan(30);
    expect(failed).toBeGreaterThan(30);
  });
});

describe("errors are those of GraphQL.js", () => {
  it.each([
    ["a refused field", `{ users(first: 101) { nodes { id } } }`],
    [
      "a refused field of an object",
      `{ users(first: 1) { nodes { statusHistory(after: "x") { totalCount } } } }`,
    ],
    ["a wrong variable", "query ($first: Int!) { users(first: $first) { nodes { id } } }"],
  ])("the errors of %s equal those of GraphQL.js", async (_what, query) => {
    const { errors } = await expectSameResult(schema, { query }, context, ours);
    expect(errors).not.toEqual([]);
  });
});

it("introspection returns the same text as by GraphQL.js", () =>
  expectSame(getIntrospectionQuery({ descriptions: true, specifiedByUrl: true })));

it("the executor fetches the columns that are read, and no others", async () => {
  const statements = async (query: string) => {
    const document = parse(query);
    const operation = getOperationAST(document);
    if (!operation) throw new Error("no operation");
    return recordSql(gateway.dataSource, () => ours(document, operation, {}, context()));
  };
  const sent = await statements(`{ users(first: 3) { nodes { username presence { online } } } }`);
  const page = sent.find((sql) => sql.includes("FROM users"));
  const presences = sent.find((sql) => sql.includes(`AS "readAt"`));
  const columnsOf = (sql = "") => [...sql.matchAll(/ AS "(\w+)"/g)].map(([, name]) => name).sort();
  expect(columnsOf(page)).toEqual(["id", "username"]);
  expect(columnsOf(presences)).toEqual(["duePlan", "leaseUntil", "readAt", "userId"]);
});
