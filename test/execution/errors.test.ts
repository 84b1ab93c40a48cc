import { buildSchema, GraphQLError } from "graphql";
import { expectEquivalentResult, expectSameResult, executeBoth } from "./both-executors.js";

const schema = buildSchema(`
  type Query { tree: Tree, needTree: Tree! }
  type Tree {
    text: String
    needText: String!
    branch: Tree
    needBranch: Tree!
    branches: [Tree]
    needBranches: [Tree!]
  }
`);

const fail = (message: string) => () => {
  throw new Error(message);
};
const thrower = (thrown: unknown) => () => {
  throw thrown;
};
const reject = (message: string) => () => Promise.reject(new Error(message));
const later =
  <Value>(value: Value) =>
  () =>
    Promise.resolve(value);

const whole = { text: "a", needText: "b" };

it("a nullable field that throws is null, and its error has path and location", async () => {
  const { data, errors } = await expectSameResult(schema, {
    query: "{ tree { needText text } }",
    rootValue: { tree: { ...whole, text: fail("no text") } },
  });
  expect(data).toBe('{"tree":{"needText":"b","text":null}}');
  expect(errors).toEqual([
    { message: "no text", path: '["tree","text"]', locations: '[{"line":1,"column":19}]' },
  ]);
});

it.each([
  ["throws", fail("broken")],
  ["rejects", reject("broken")],
  ["returns an error", () => new Error("broken")],
  ["resolves to an error", later(new Error("broken"))],
  ["returns null", () => null],
  ["returns nothing", () => undefined],
  ["resolves to null", later(null)],
  ["throws something that is no error", thrower("a text")],
])("a non-null field that %s makes its parent null", async (_how, needText) => {
  const { data, errors } = await expectSameResult(schema, {
    query: "{ tree { text branch { needText } } }",
    rootValue: { tree: { ...whole, branch: { needText } } },
  });
  expect(data).toBe('{"tree":{"text":"a","branch":null}}');
  expect(errors.map(({ path }) => path)).toEqual(['["tree","branch","needText"]']);
});

it("null propagates over several non-null parents to the nearest nullable one", async () => {
  const { data } = await expectSameResult(schema, {
    query: "{ tree { branch { needBranch { needBranch { needText } } } text } }",
    rootValue: {
      tree: { ...whole, branch: { needBranch: { needBranch: { needText: fail("deep") } } } },
    },
  });
  expect(data).toBe('{"tree":{"branch":null,"text":"a"}}');
});

it("null propagates to the root when every parent is non-null", async () => {
  const { data, errors } = await expectSameResult(schema, {
    query: "{ tree { text } needTree { needBranch { needText } } }",
    rootValue: { tree: whole, needTree: { needBranch: { needText: null } } },
  });
  expect(data).toBe("null");
  expect(errors).toHaveLength(1);
});

it("each failed field of an object has an error, in the order of the document", async () => {
  const { errors } = await expectSameResult(schema, {
    query: "{ b: tree { branch { text } text } a: tree { text } }",
    rootValue: { tree: { text: fail("text"), branch: { text: fail("branch") } } },
  });
  expect(errors.map(({ path }) => path)).toEqual([
    '["b","branch","text"]',
    '["b","text"]',
    '["a","text"]',
  ]);
});

it("errors before the one that makes an object null are kept, later fields are not written", async () => {
  const { errors } = await expectSameResult(schema, {
    query: "{ tree { branch { text needText again: text } text } }",
    rootValue: { tree: { ...whole, branch: { text: fail("first"), needText: fail("second") } } },
  });
  expect(errors.map(({ message }) => message)).toEqual(["first", "second"]);
});

it("of several non-null fields that fail, the first of the document is reported", async () => {
  const results = await executeBoth(schema, {
    query: "{ tree { branch { a: needText b: needText } text } }",
    rootValue: { tree: { ...whole, branch: { needText: reject("one of both") } } },
  });
  expectEquivalentResult(results);
  expect(results.actual.errors.map(({ path }) => path)).toEqual(['["tree","branch","a"]']);
});

it.each([false, true])(
  "an item that fails is null or makes its list null, with async resolvers: %s",
  async (isAsync) => {
    const text = isAsync ? reject("item") : fail("item");
    const items = [whole, { text, needText: "c" }, { needText: text }, null, whole];
    const rootValue = { tree: { branches: items, needBranches: items.slice(0, 3) } };
    const { data, errors } = await expectSameResult(schema, {
      query: "{ tree { branches { text needText } needBranches { needText } } }",
      rootValue,
    });
    expect(data).toBe(
      `{"tree":{"branches":[{"text":"a","needText":"b"},{"text":null,"needText":"c"},null,null,{"text":"a","needText":"b"}],"needBranches":null}}`,
    );
    expect(errors.map(({ path }) => path)).toEqual([
      '["tree","branches",1,"text"]',
      '["tree","branches",2,"needText"]',
      '["tree","needBranches",2,"needText"]',
    ]);
  },
);

it("objects after one that failed keep their own values", async () => {
  const leaf = (name: string, broken = false) => ({
    needText: broken ? fail(name) : () => name,
    branch: { text: later(`${name} below`), branches: [{ text: later(`${name} item`) }] },
  });
  const { data } = await expectSameResult(schema, {
    query: "{ tree { branches { needText branch { text branches { text } } } } }",
    rootValue: { tree: { branches: [leaf("a"), leaf("b", true), leaf("c")] } },
  });
  expect(JSON.parse(data ?? "")).toMatchObject({
    tree: { branches: [{ needText: "a" }, null, { branch: { text: "c below" } }] },
  });
});

it("a field selected twice has both locations in its error", async () => {
  const { errors } = await expectSameResult(schema, {
    query: "{ tree { branch { needText } ...More } } fragment More on Tree { branch { needText } }",
    rootValue: { tree: { branch: { needText: fail("twice") } } },
  });
  expect(JSON.parse(errors[0]?.locations ?? "")).toHaveLength(2);
});

it("an error that names nodes or a path of its own keeps them", async () => {
  const own = new GraphQLError("elsewhere", { path: ["somewhere", 0] });
  const { errors } = await expectSameResult(schema, {
    query: "{ tree { text branch { text } } }",
    rootValue: {
      tree: {
        text: () => own,
        branch: {
          text: () => {
            throw new GraphQLError("without path", { extensions: { code: "X" } });
          },
        },
      },
    },
  });
  expect(errors.map(({ path }) => path)).toEqual(['["somewhere",0]', '["tree","branch","text"]']);
});

it("a getter that throws fails its field", async () => {
  const tree = {
    needText: "b",
    get text(): string {
      throw new Error("getter");
    },
    get branch(): object {
      throw new Error("object getter");
    },
  };
  await expectSameResult(schema, {
    query: "{ tree { text needText branch { text } } }",
    rootValue: { tree },
  });
});
