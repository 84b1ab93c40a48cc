import { getIntrospectionQuery } from "graphql";
import { admittingWith } from "./admitting.js";
import { everythingOf } from "./everything-of.js";

const many = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(" ");

/** Nested fields. The last level is the innermost value. */
const deep = (levels: number): string =>
  levels === 1
    ? "id"
    : levels % 2
      ? `user { ${deep(levels - 1)} }`
      : `presence { ${deep(levels - 1)} }`;
const deepQuery = (levels: number): string => `{ user(by: { id: "x" }) { ${deep(levels - 1)} } }`;

interface Case {
  readonly bound: string;
  readonly environment: Record<string, string>;
  readonly limit: number;
  /** A document of exactly this size. */
  readonly of: (size: number) => string;
}

const GENEROUS = { GRAPHQL_MAX_DUPLICATE_FIELDS: "1000" };

const cases: [string, Case][] = [
  [
    "tokens",
    {
      bound: "tokens",
      environment: { GRAPHQL_MAX_TOKENS: "100", ...GENEROUS },
      limit: 100,
      of: (size) => `{ ${many(size - 2, () => "__typename")} }`,
    },
  ],
  ["levels", { bound: "depth", environment: { GRAPHQL_MAX_DEPTH: "7" }, limit: 7, of: deepQuery }],
  [
    "levels that fragments hide",
    {
      bound: "depth",
      environment: { GRAPHQL_MAX_DEPTH: "7" },
      limit: 7,
      of: (size) =>
        `{ ...Q } fragment Q on Query { user(by: { id: "x" }) { ...U } }
         fragment U on User { ... on User { ${deep(size - 1)} } }`,
    },
  ],
  [
    "aliases",
    {
      bound: "aliases",
      environment: { GRAPHQL_MAX_ALIASES: "5" },
      limit: 5,
      of: (size) => `{ ${many(size, (i) => `a${i}: __typename`)} }`,
    },
  ],
  [
    "aliases by a fragment that is spread again and again",
    {
      bound: "aliases",
      environment: { GRAPHQL_MAX_ALIASES: "8" },
      limit: 8,
      of: (size) => {
        const one = (i: number) => `u${i}: user(by: { id: "x" }) { ...F }`;
        return `{ ${many(size / 4, one)} } fragment F on User { a: id b: id c: id }`;
      },
    },
  ],
  [
    "mentions of the same field",
    {
      bound: "duplicateFields",
      environment: { GRAPHQL_MAX_DUPLICATE_FIELDS: "5" },
      limit: 5,
      of: (size) => `{ ${many(size + 1, () => "__typename")} }`,
    },
  ],
  [
    "mentions of the same field in different fragments",
    {
      bound: "duplicateFields",
      environment: { GRAPHQL_MAX_DUPLICATE_FIELDS: "5" },
      limit: 5,
      of: (size) =>
        `{ ${many(size + 1, (i) => `...F${i}`)} } ${many(size + 1, (i) => `fragment F${i} on Query { __typename }`)}`,
    },
  ],
  [
    "directives",
    {
      bound: "directives",
      environment: { GRAPHQL_MAX_DIRECTIVES: "5" },
      limit: 5,
      of: (size) => `{ ${many(size, (i) => `a${i}: __typename @include(if: true)`)} }`,
    },
  ],
  [
    "values of a page",
    {
      bound: "cost",
      environment: { GRAPHQL_MAX_COST: "1002" },
      limit: 1002,
      // The connection and its count, and ten entries with their values.
      of: (size) =>
        `{ users(first: 10) { totalCount nodes { ${many((size - 12) / 10, (i) => `a${i}: id`)} } } }`,
    },
  ],
];

describe("an operation at a limit is executed, and one above it is refused", () => {
  it.each(cases)(
    "%s: an operation at the limit is executed, and one above it is refused",
    (_, { bound, environment, limit, of }) => {
      const admit = admittingWith(environment);
      expect(admit(of(limit))).toMatchObject({ code: "OK" });
      const step = bound === "cost" ? 10 : bound === "aliases" && limit === 8 ? 4 : 1;
      expect(admit(of(limit + step))).toMatchObject({ code: "OPERATION_TOO_LARGE", bound, limit });
    },
  );
});

describe("the cost of an operation", () => {
  const admit = admittingWith();
  const page = `query ($n: Int, $m: Int = 50) { users(first: $n) { nodes { id } } agents(last: $m) { edges { cursor } } }`;
  it.each([
    ["a value", "{ __typename }", {}, 1],
    ["an object and its values", "{ viewer { kind name } }", {}, 3],
    ["a page of the usual size", "{ users { nodes { id username } } }", {}, 1 + 20 * 3],
    ["a page of the requested size", "{ users(first: 7) { nodes { id } } }", {}, 1 + 7 * 2],
    ["the last page", "{ users(last: 7) { edges { node { id } } } }", {}, 1 + 7 * 3],
    ["a size that will be refused", "{ users(first: 100000) { nodes { id } } }", {}, 1 + 100 * 2],
    ["another such size", "{ users(first: -5) { nodes { id } } }", {}, 1 + 2],
    ["sizes in variables", page, { n: 3, m: 4 }, 1 + 3 * 2 + 1 + 4 * 2],
    ["sizes by default", page, {}, 1 + 20 * 2 + 1 + 50 * 2],
    ["null as a size", page, { n: null, m: null }, 1 + 20 * 2 + 1 + 20 * 2],
    ["a size that is not a number", page, { n: "many", m: {} }, 1 + 20 * 2 + 1 + 20 * 2],
    ["objects by their ids", `{ nodes(ids: ["a", "b", "c"]) { id } }`, {}, 3 * 2],
    ["ids in a variable", "query ($i: [ID!]!) { nodes(ids: $i) { id } }", { i: ["a", "b"] }, 2 * 2],
    ["a list without pages", "{ groups { id } }", {}, 10 * 2],
    [
      "pages in pages",
      "{ users(first: 10) { nodes { presence { id } } pageInfo { endCursor } } }",
      {},
      1 + 10 * 3 + 2,
    ],
    ["the same value twice", "{ viewer { kind kind ...F } } fragment F on Viewer { kind }", {}, 2],
    ["a field that @skip leaves out", "{ viewer @skip(if: true) { kind } }", {}, 2],
  ])("the cost counts %s", (_, query, variables, cost) => {
    expect(admit({ query, variables })).toEqual({ code: "OK", cost });
  });

  it("an operation above the cost limit is refused with its cost", () => {
    const few = admittingWith({ GRAPHQL_MAX_COST: "100" });
    expect(few({ query: page, variables: { n: 24, m: 25 } })).toMatchObject({
      code: "OK",
      cost: 100,
    });
    expect(few({ query: page, variables: { n: 25, m: 25 } })).toMatchObject({ bound: "cost" });
  });
});

describe("exponential spreads and nesting end at a limit", () => {
  const admit = admittingWith();
  const chain = (length: number, spread: (i: number) => string) =>
    `{ user(by: { id: "x" }) { ...F0 } } ${many(length, (i) => `fragment F${i} on User { ${spread(i)} }`)} fragment F${length} on User { id }`;

  it.each([
    [
      "fragments that spread the next one twice",
      chain(60, (i) => `...F${i + 1} ...F${i + 1}`),
      "OK",
    ],
    [
      "fragments that spread the next one below two fields",
      chain(12, (i) => `presence { user { ...F${i + 1} } } agent { user { ...F${i + 1} } }`),
      "OPERATION_TOO_LARGE",
    ],
    [
      "fragments that spread the next one below many fields",
      chain(6, (i) => many(9, (k) => `a${k}: presence { user { ...F${i + 1} } }`)),
      "OPERATION_TOO_LARGE",
    ],
    [
      "a circle of fragments",
      "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
      "GRAPHQL_VALIDATION_FAILED",
    ],
    [
      "a circle of fragments through fields",
      `{ user(by: { id: "x" }) { ...A } } fragment A on User { presence { user { ...A } } }`,
      "OPERATION_TOO_LARGE",
    ],
    ["fields", "{ a ".repeat(2000), "OPERATION_TOO_LARGE"],
    [
      "a list",
      `{ node(id: ${"[".repeat(2400)}${"]".repeat(2400)}) { id } }`,
      "OPERATION_TOO_LARGE",
    ],
    [
      "inline fragments",
      `{ ${"... { ".repeat(1500)} a ${"}".repeat(1500)} }`,
      "GRAPHQL_VALIDATION_FAILED",
    ],
    [
      "operations that share fragments",
      `${many(300, (i) => `query Q${i} { ...F }`)} fragment F on Query { ${many(100, (i) => `a${i}: __typename`)} }`,
      "OPERATION_RESOLUTION_FAILURE",
    ],
    [
      "the schema within the schema",
      `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`,
      "GRAPHQL_VALIDATION_FAILED",
    ],
  ])("nesting ends at a limit: %s", (_, query, code) => {
    expect(admit(query).code).toBe(code);
  });
});

describe("operations of ordinary clients are far below every limit", () => {
  const admit = admittingWith();
  const whole = { inputValueDeprecation: true, schemaDescription: true, oneOf: true } as const;
  it.each([
    ["the introspection of clients and of the explorer", getIntrospectionQuery(whole)],
    ["every field of a user", `{ user(by: { id: "x" }) ${everythingOf("User")} }`],
    ["every field of 20 users", `{ users { nodes ${everythingOf("User")} } }`],
    [
      "the usual fields of 100 users",
      `{ users(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { id username displayName email telephone active groups { id name } agent { availability maxChats freeSlots } presence { online since status { id name color } } } } }`,
    ],
  ])("%s: the operation is far below every limit", (_, query) => {
    const { code, cost } = admit(query);
    expect(code).toBe("OK");
    expect(cost).toBeLessThan(25_000);
  });
});
