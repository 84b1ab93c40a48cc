import {
  buildSchema,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { expectSameResult } from "./both-executors.js";

const scalars = buildSchema(`
  type Query { int: Int, float: Float, string: String, boolean: Boolean, id: ID, color: Color,
    ints: [Int], needColors: [Color!] }
  enum Color { RED GREEN }
`);

const values: readonly unknown[] = [
  0,
  -0,
  1.5,
  2 ** 31,
  -(2 ** 31),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "",
  "1",
  'a\u0000"\\\n\u2028',
  "\ud800 half",
  "GREEN",
  true,
  false,
  [],
  {},
  Symbol("a"),
  new Date(0),
  { valueOf: () => 7 },
  { toJSON: () => "json" },
];

it.each(values.map((value) => [value] as const))(
  "the value %p is serialised or refused by every type of leaf as by GraphQL.js",
  async (value) => {
    const rootValue = Object.fromEntries(
      ["int", "float", "string", "boolean", "id", "color"].map((name) => [name, () => value]),
    );
    const query = "{ int float string boolean id color }";
    await expectSameResult(scalars, { query, rootValue });
    await expectSameResult(scalars, {
      query: "{ ints needColors }",
      rootValue: { ints: () => [1, value, null], needColors: () => ["RED", value] },
    });
  },
);

it("a scalar that serialises to nothing fails its field", async () => {
  const Void = new GraphQLScalarType({ name: "Void", serialize: () => null });
  const Broken = new GraphQLScalarType({
    name: "Broken",
    serialize: () => {
      throw new Error("not serialisable");
    },
  });
  const Query = new GraphQLObjectType({
    name: "Query",
    fields: {
      nothing: { type: Void, resolve: () => "something" },
      broken: { type: Broken, resolve: () => "something" },
      needBroken: { type: new GraphQLList(new GraphQLNonNull(Broken)), resolve: () => ["a"] },
    },
  });
  const { data } = await expectSameResult(new GraphQLSchema({ query: Query }), {
    query: "{ nothing broken needBroken }",
  });
  expect(data).toBe('{"nothing":null,"broken":null,"needBroken":null}');
});

it("a scalar may serialise to any JSON", async () => {
  const Json = new GraphQLScalarType({ name: "Json" });
  const Query = new GraphQLObjectType({
    name: "Query",
    fields: { json: { type: Json, resolve: () => ({ a: [1, null, { b: "c" }] }) } },
  });
  const { data } = await expectSameResult(new GraphQLSchema({ query: Query }), {
    query: "{ json }",
  });
  expect(data).toBe('{"json":{"a":[1,null,{"b":"c"}]}}');
});

const Item = new GraphQLObjectType({ name: "Item", fields: { text: { type: GraphQLString } } });
const list = (type: GraphQLOutputType) => new GraphQLList(type);
const need = <Type extends GraphQLOutputType>(type: Type) => new GraphQLNonNull(type as never);
const listTypes: readonly [string, (item: GraphQLOutputType) => GraphQLOutputType][] = [
  ["[Item]", (item) => list(item)],
  ["[Item]!", (item) => need(list(item))],
  ["[Item!]", (item) => list(need(item))],
  ["[Item!]!", (item) => need(list(need(item)))],
  ["[[Item]]", (item) => list(list(item))],
  ["[[Item!]]", (item) => list(list(need(item)))],
  ["[[Item!]!]", (item) => list(need(list(need(item))))],
];

const item = (value: unknown) => value;
const error = (message: string) => new Error(message);
const lists: readonly [string, () => unknown][] = [
  ["an array", () => ["a", item("b")]],
  ["an empty array", () => []],
  ["null", () => null],
  ["nothing", () => undefined],
  ["a null item", () => ["a", null, "b"]],
  ["an error as an item", () => ["a", error("bad item"), "b"]],
  ["a set", () => new Set(["a", "b"])],
  ["a generator", () => ["a", "b"].values()],
  ["a text, which is no list", () => "text"],
  ["an object, which is no list", () => ({ length: 1 })],
  ["a promise of an array", () => Promise.resolve(["a"])],
  ["promises as items", () => [Promise.resolve("a"), Promise.resolve("b"), Promise.resolve(null)]],
  [
    "a rejected item",
    () => [Promise.resolve("a"), Promise.reject(error("rejected")), Promise.resolve("c")],
  ],
  ["lists of lists", () => [["a", null], null, ["b"], "text", error("bad list")]],
  ["failures in inner lists", () => [["a", error("x"), "skipped"], ["b", "c"], [null], ["d"]]],
  [
    "promises of inner lists",
    () => [Promise.resolve(["a", Promise.resolve("b")]), Promise.resolve(["c"])],
  ],
  [
    "an iterable that throws",
    () => ({
      [Symbol.iterator]() {
        throw error("no iterator");
      },
    }),
  ],
];

describe.each(listTypes)("a field of type %s", (_type, wrap) => {
  const Query: GraphQLObjectType = new GraphQLObjectType({
    name: "Query",
    fields: () => ({
      leaves: { type: wrap(GraphQLString) },
      objects: { type: wrap(Item) },
      around: { type: Query, resolve: (root: unknown) => root },
    }),
  });
  const schema = new GraphQLSchema({ query: Query });

  it.each(lists)("that returns %s has the result of GraphQL.js", async (_what, make) => {
    await expectSameResult(schema, {
      query: "{ around { leaves } }",
      rootValue: { leaves: make },
    });
    const toObject = (value: unknown): unknown => {
      if (value instanceof Promise) return value.then(toObject);
      if (Array.isArray(value)) return value.map(toObject);
      return typeof value === "string" && value.length === 1
        ? { text: () => Promise.resolve(value) }
        : value;
    };
    await expectSameResult(schema, {
      query: "{ around { objects { text } } }",
      rootValue: { objects: () => toObject(make()) },
    });
  });
});
