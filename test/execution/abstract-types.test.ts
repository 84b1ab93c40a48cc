import {
  GraphQLBoolean,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLObjectTypeConfig,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from "graphql";
import { expectSameResult } from "./both-executors.js";

interface Animal {
  readonly kind: string;
  readonly name?: unknown;
  readonly __typename?: unknown;
}

type TypeOf = GraphQLObjectTypeConfig<Animal, unknown>["isTypeOf"];

function schemaWith({
  resolveType,
  isTypeOf = () => undefined,
}: {
  readonly resolveType?: (animal: Animal) => unknown;
  readonly isTypeOf?: (kind: string) => TypeOf | undefined;
}): GraphQLSchema {
  const given = { resolveType: resolveType as never };
  const Named = new GraphQLInterfaceType({
    name: "Named",
    fields: { name: { type: GraphQLString } },
    ...given,
  });
  const animal = (name: string, own: string) =>
    new GraphQLObjectType<Animal>({
      name,
      interfaces: [Named],
      isTypeOf: isTypeOf(name),
      fields: {
        name: { type: GraphQLString },
        [own]: { type: new GraphQLNonNull(GraphQLBoolean) },
      },
    });
  const Dog = animal("Dog", "barks");
  const Cat = animal("Cat", "meows");
  const Stone = new GraphQLObjectType({ name: "Stone", fields: { name: { type: GraphQLString } } });
  const Pet = new GraphQLUnionType({ name: "Pet", types: [Dog, Cat], ...given });
  const Query = new GraphQLObjectType({
    name: "Query",
    fields: {
      named: { type: new GraphQLList(Named) },
      pets: { type: new GraphQLList(Pet) },
      dog: { type: Dog },
      pet: { type: new GraphQLNonNull(Pet) },
      stone: { type: Stone },
    },
  });
  return new GraphQLSchema({ query: Query, types: [Dog, Cat, Stone] });
}

const dog = { kind: "Dog", name: "Rex", barks: true };
const cat = { kind: "Cat", name: () => Promise.resolve("Tom"), meows: false };
const animals = [dog, cat, dog, null, { ...cat, meows: null }, cat];

const query = `{
  named { __typename name ... on Dog { barks } ...OfCat }
  pets { ... on Named { name } ... on Cat { meows } __typename }
  dog { barks name }
  pet { __typename }
} fragment OfCat on Cat { meows }`;
const rootValue = { named: animals, pets: animals, dog, pet: cat };

it.each<[string, Parameters<typeof schemaWith>[0]]>([
  ["resolveType", { resolveType: ({ kind }) => kind }],
  ["an async resolveType", { resolveType: ({ kind }) => Promise.resolve(kind) }],
  [
    "isTypeOf",
    {
      isTypeOf:
        (name) =>
        ({ kind }) =>
          kind === name,
    },
  ],
  [
    "an async isTypeOf",
    {
      isTypeOf:
        (name) =>
        ({ kind }) =>
          Promise.resolve(kind === name),
    },
  ],
])("objects of several types are found by %s", async (_how, by) => {
  const { errors } = await expectSameResult(schemaWith(by), { query, rootValue });
  expect(errors.map(({ path }) => path)).toEqual(['["named",4,"meows"]', '["pets",4,"meows"]']);
});

it("objects of several types are found by __typename", async () => {
  const typed = animals.map((one) => one && { ...one, __typename: one.kind });
  const { data } = await expectSameResult(schemaWith({}), {
    query,
    rootValue: { named: typed, pets: typed, dog, pet: typed[0] },
  });
  expect(data).toContain('"__typename":"Cat","name":"Tom"');
});

it.each<[string, (animal: Animal) => unknown]>([
  ["nothing", () => undefined],
  ["null", () => null],
  ["a number", () => 7],
  ["the name of no type", () => "Unicorn"],
  ["the name of another type", () => "Stone"],
  ["the name of a scalar", () => "String"],
  ["a type instead of its name", () => new GraphQLObjectType({ name: "Dog", fields: {} })],
  ["an error", () => new Error("unknown animal")],
  ["a rejected promise", () => Promise.reject(new Error("unknown animal"))],
])("a type that resolves to %s fails the object", async (_what, resolveType) => {
  const { errors } = await expectSameResult(schemaWith({ resolveType }), {
    query: "{ named { __typename name } dog { name } }",
    rootValue: { named: [dog, null, cat], dog },
  });
  expect(errors).toHaveLength(2);
});

it("a resolveType that throws fails the object", async () => {
  const resolveType = () => {
    throw new Error("no type today");
  };
  const { data } = await expectSameResult(schemaWith({ resolveType }), {
    query: "{ pets { __typename } dog { name } }",
    rootValue: { pets: [dog], dog },
  });
  expect(data).toBe('{"pets":[null],"dog":{"name":"Rex"}}');
});

it.each<[string, TypeOf]>([
  ["refuses", () => false],
  ["refuses later", () => Promise.resolve(false)],
  [
    "throws",
    () => {
      throw new Error("cannot tell");
    },
  ],
  ["rejects", () => Promise.reject(new Error("cannot tell"))],
])("an object whose isTypeOf %s fails its field", async (_how, isTypeOf) => {
  const schema = schemaWith({ isTypeOf: () => isTypeOf, resolveType: ({ kind }) => kind });
  const { errors } = await expectSameResult(schema, {
    query: "{ dog { barks } named { name } pet { __typename } }",
    rootValue: { dog, named: [cat, dog], pet: dog },
  });
  expect(errors).toHaveLength(4);
});
