import { buildSchema, getIntrospectionQuery } from "graphql";
import { createExecutor } from "../../src/graphql/execution/executor.js";
import { expectSameResult, type Operation } from "./both-executors.js";

const schema = buildSchema(`
  type Query { echo(text: String = "default", ids: [ID!], input: Input): Echo, nothing: Int, n: Int }
  type Echo { text: String, given: String, number(plus: Int! = 1): Int, echo: Echo }
  input Input { a: Int!, b: [Int!] = [1, 2], c: Input }
`);

const echo = (given: object): object => ({
  text: () => Promise.resolve("text"),
  given: JSON.stringify(given),
  number: ({ plus }: { readonly plus: number }) => 1 + plus,
  echo: () => echo({}),
});
const rootValue = { echo, nothing: null, n: 3 };

const ok = (query: string, variables?: Record<string, unknown>): [Operation] => [
  { query, rootValue, ...(variables && { variables }) },
];

describe.each([true, false])("with a directive whose variable is %s", (yes) => {
  it.each([
    "query ($yes: Boolean!) { n @skip(if: $yes) nothing }",
    "query ($yes: Boolean!) { n @include(if: $yes) nothing }",
    "query ($yes: Boolean!) { n @include(if: $yes) @skip(if: $yes) nothing }",
    "query ($yes: Boolean!) { ... @skip(if: $yes) { n echo { text } } echo { given } }",
    "query ($yes: Boolean!) { ...F @include(if: $yes) echo { text @skip(if: $yes) } } fragment F on Query { n echo { number } }",
    "query ($yes: Boolean!) { echo { ... on Echo @include(if: $yes) { echo { text } } } }",
    "query ($yes: Boolean!) { echo @skip(if: $yes) { text } }",
    "query ($yes: Boolean!, $no: Boolean = false) { echo { text @skip(if: $no) given @include(if: $yes) } }",
  ])("%s has the result of GraphQL.js", (query) => expectSameResult(schema, ...ok(query, { yes })));
});

it.each([
  ["aliases", "{ a: n b: n echo { x: text text } c: echo { number(plus: 5) y: number } }"],
  [
    "fields in any order, merged",
    "{ echo { text } n echo { given echo { text } } echo { echo { number } } }",
  ],
  [
    "__typename everywhere",
    "{ __typename t: __typename echo { __typename echo { x: __typename } } }",
  ],
  [
    "a fragment that is spread twice",
    "{ echo { ...F ...F echo { ...F } } } fragment F on Echo { text given }",
  ],
  [
    "nested fragments",
    "{ ...A } fragment A on Query { ...B n } fragment B on Query { echo { ... { ... on Echo { text } } } }",
  ],
  [
    "arguments of every kind",
    `{ echo(text: null, ids: "1", input: { a: 1, c: { a: 2, b: 3 } }) { given } }`,
  ],
  ["default arguments", "{ echo { given number } }"],
  [
    "the schema",
    '{ __schema { queryType { name fields { name } } } __type(name: "Echo") { kind name fields { name type { kind ofType { name } } } } n }',
  ],
  ["a type that is not in the schema", `{ __type(name: "Nothing") { name } }`],
])("%s have the result of GraphQL.js", (_what, query) => expectSameResult(schema, ...ok(query)));

it("introspection has the result of GraphQL.js", () =>
  expectSameResult(schema, ...ok(getIntrospectionQuery({ inputValueDeprecation: true }))));

it.each<[string, string, Record<string, unknown>]>([
  ["a variable", "query ($t: String) { echo(text: $t) { given } }", { t: "x" }],
  ["a missing variable", "query ($t: String) { echo(text: $t) { given } }", {}],
  ["null", "query ($t: String) { echo(text: $t) { given } }", { t: null }],
  ["a default", 'query ($t: String = "d") { echo(text: $t) { given } }', {}],
  ["null for a default", 'query ($t: String = "d") { echo(text: $t) { given } }', { t: null }],
  ["a variable in a list", 'query ($i: ID!) { echo(ids: ["a", $i]) { given } }', { i: 7 }],
  [
    "an input object",
    "query ($i: Input) { echo(input: $i) { given } }",
    { i: { a: 1, c: { a: 2 } } },
  ],
  [
    "a variable in an input object",
    "query ($a: Int!) { echo(input: { a: $a }) { given } }",
    { a: 4 },
  ],
  ["a wrong type", "query ($t: String) { echo(text: $t) { given } }", { t: 7 }],
  ["a missing required variable", "query ($a: Int!) { echo(input: { a: $a }) { given } }", {}],
  [
    "null for a required variable",
    "query ($a: Int!) { echo(input: { a: $a }) { given } }",
    { a: null },
  ],
  [
    "several wrong values",
    "query ($i: [Input!]!, $t: String!) { n }",
    { i: [{}, { a: "x" }, { a: 1, z: 1 }], t: 1 },
  ],
  [
    "very many wrong values",
    "query ($i: [Int!]!) { n }",
    { i: Array.from({ length: 80 }, () => "x") },
  ],
  [
    "null for a non-null argument with a default",
    "query ($p: Int = 3) { echo { text number(plus: $p) } }",
    { p: null },
  ],
  [
    "null for a directive at the root",
    "query ($yes: Boolean = true) { n echo { text } nothing @skip(if: $yes) }",
    { yes: null },
  ],
  [
    "null for a directive below",
    "query ($yes: Boolean = true) { n echo { text @include(if: $yes) echo { text } } }",
    { yes: null },
  ],
  [
    "null for a directive further below",
    "query ($yes: Boolean = true) { n echo { text echo { text @include(if: $yes) } } }",
    { yes: null },
  ],
])("%s has the result of GraphQL.js", (_what, query, variables) =>
  expectSameResult(schema, ...ok(query, variables)),
);

it("an operation with invalid variables has no data", async () => {
  const { data } = await expectSameResult(schema, ...ok("query ($a: Int!) { n }", { a: "x" }));
  expect(data).toBeUndefined();
});

it("more combinations of conditions than are kept have their own results", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const head = names.map((name) => `$${name}: Boolean!`).join();
  const fields = names.map((name) => `${name}: n @include(if: $${name})`).join(" ");
  const query = `query (${head}) { ${fields} }`;
  const ours = createExecutor(schema);
  for (let bits = 0; bits < 64; bits += 1) {
    const variables = Object.fromEntries(names.map((name, i) => [name, (bits >> i) % 2 === 1]));
    await expectSameResult(schema, { query, variables, rootValue }, () => undefined, ours);
  }
});

it("resolvers receive the parent, arguments, context and info of GraphQL.js, except the path", async () => {
  const seen: unknown[] = [];
  const observed = buildSchema(
    "type Query { echo(text: String): Echo } type Echo { text: String }",
  );
  const field = observed.getQueryType()?.getFields()["echo"];
  if (!field) throw new Error("no field");
  field.resolve = (parent: unknown, args: unknown, context: unknown, { path: _path, ...info }) => {
    seen.push({ parent, args, context, info });
    return { text: "x" };
  };
  const context = { name: "context" };
  await expectSameResult(
    observed,
    { query: `query ($t: String) { echo(text: $t) { text } }`, variables: { t: "y" }, rootValue },
    () => context,
  );
  const [ours, theirs] = seen as [{ info: { columns?: unknown } }, object];
  delete ours.info.columns;
  expect({ ...ours, args: { ...(ours as { args?: object }).args } }).toMatchObject({
    args: { text: "y" },
    context,
  });
  expect(Object.keys(ours.info).sort()).toEqual(
    Object.keys((theirs as { info: object }).info).sort(),
  );
});
