import { buildSchema } from "graphql";
import { executeBoth, expectSameResult } from "./both-executors.js";

const schema = buildSchema(`
  type Query { number: Int }
  type Mutation { set(to: Int!): Number, mustSet(to: Int!): Number!, fail: Number, mustFail: Number! }
  type Number { number: Int, later: Int, needLater: Int! }
`);

/** A root whose methods write a protocol of when they start and end. */
function rootWithLog() {
  const log: string[] = [];
  let current = 0;
  const set = async ({ to }: { readonly to: number }) => {
    log.push(`start ${to}`);
    await new Promise((resolve) => setTimeout(resolve, 5 - to));
    current = to;
    log.push(`end ${to}`);
    return {
      number: current,
      later: () => Promise.resolve(current),
      needLater: () => Promise.resolve(to === 3 ? null : current),
    };
  };
  const fail = () => {
    log.push("fail");
    throw new Error("refused");
  };
  return { log, rootValue: { set, mustSet: set, fail, mustFail: fail } };
}

async function expectSameChanges(query: string) {
  const [first, second] = [rootWithLog(), rootWithLog()];
  let isFirst = true;
  const methods = Object.keys(first.rootValue) as (keyof typeof first.rootValue)[];
  // Ours runs first, then GraphQL.js: each has a log of its own.
  const rootValue = Object.fromEntries(
    methods.map((name) => [
      name,
      (given: { readonly to: number }) => (isFirst ? first : second).rootValue[name](given),
    ]),
  );
  const ours = await executeBoth(schema, { query, rootValue }, () => {
    isFirst = first.log.length === 0;
    return undefined;
  });
  expect([query, ours.actual]).toEqual([query, ours.expected]);
  expect(first.log).toEqual(second.log);
  return { ...ours.actual, log: first.log };
}

it("the fields of a mutation are executed one after the other, with everything below them", async () => {
  const { data, log } = await expectSameChanges(
    "mutation { a: set(to: 1) { number later } b: set(to: 2) { later } c: mustSet(to: 4) { needLater } }",
  );
  expect(log).toEqual(["start 1", "end 1", "start 2", "end 2", "start 4", "end 4"]);
  expect(data).toBe('{"a":{"number":1,"later":1},"b":{"later":2},"c":{"needLater":4}}');
});

it("the fields after a nullable one that failed are executed", async () => {
  const { log } = await expectSameChanges(
    "mutation { set(to: 1) { number } fail { number } c: set(to: 3) { needLater } d: set(to: 4) { number } }",
  );
  expect(log).toEqual(["start 1", "end 1", "fail", "start 3", "end 3", "start 4", "end 4"]);
});

it("the fields after a non-null one that failed are not executed", async () => {
  const { data, log } = await expectSameChanges(
    "mutation { set(to: 1) { number } mustFail { number } c: set(to: 2) { number } }",
  );
  expect(data).toBe("null");
  expect(log).toEqual(["start 1", "end 1", "fail"]);
});

it("the fields after one whose result propagates null to the root are not executed", async () => {
  const { log } = await expectSameChanges(
    "mutation { mustSet(to: 3) { needLater } c: set(to: 2) { number } }",
  );
  expect(log).toEqual(["start 3", "end 3"]);
});

it("a mutation without a selected field has empty data", async () => {
  const { data } = await expectSameResult(schema, {
    query: "mutation ($off: Boolean!) { set(to: 1) @skip(if: $off) { number } }",
    variables: { off: true },
    rootValue: rootWithLog().rootValue,
  });
  expect(data).toBe("{}");
});

it("an operation of a kind that the schema lacks has an error and no data", async () => {
  const queriesOnly = buildSchema("type Query { a: Int }");
  const { data, errors } = await expectSameResult(queriesOnly, { query: "mutation { a }" });
  expect(data).toBe("null");
  expect(errors).toHaveLength(1);
});
