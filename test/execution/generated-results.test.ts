import * as fc from "fast-check";
import {
  buildSchema,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { createExecutor } from "../../src/graphql/execution/executor.js";
import { type Manner, operationOf, write } from "../graphql/generated-operation.js";
import { executeBoth, expectEquivalentResult } from "./both-executors.js";

const types = `
  interface Thing { id: ID! }
  union Any = A | B
  enum Color { RED GREEN }
  type Query { a(n: Int): A, needA: A!, things: [Thing], any: Any, needAny: Any!, list: [A!]!, text: String }
  type Mutation { a(n: Int!): A, needA: A!, things: [Thing!] }
  type A implements Thing {
    id: ID!, text(n: Int = 1): String, needText: String!, number: Int, needNumber: Int!, ratio: Float, flag: Boolean!,
    color: Color, needColors: [Color!], numbers: [Int], needNumbers: [Int!]!, table: [[String]!],
    a: A, needA: A!, list: [A], needList: [A!], needs: [A!]!, nested: [[A!]], thing: Thing, things: [Thing!], any: Any!
  }
  type B implements Thing { id: ID!, b: B, needB: B!, any: Any, anys: [Any]!, numbers: [Int!] }
`;

/** An object of the results: everything below it follows from its seed. */
interface Seeded {
  readonly seed: number;
  readonly type: string;
}

function hash(seed: number, text: string): number {
  let result = seed ^ 0x9e3779b9;
  for (const character of text) {
    result = Math.imul(result ^ character.charCodeAt(0), 0x85ebca6b);
    result ^= result >>> 13;
  }
  return result >>> 0;
}

/** The value of a field: mostly a right one, sometimes null, an error, or a value that does not fit the type. */
function valueOf(type: GraphQLOutputType, seed: number, schema: GraphQLSchema): unknown {
  const luck = seed % 100;
  if (luck < 3) return null;
  if (luck < 5) return new Error(`error ${seed}`);
  if (luck < 7) return isObjectType(type) ? undefined : { wrong: true };
  if (isNonNullType(type)) return valueOf(type.ofType, hash(seed, "!"), schema);
  if (isListType(type)) {
    const length = hash(seed, "length") % 4;
    return Array.from({ length }, (_, i) => valueOf(type.ofType, hash(seed, String(i)), schema));
  }
  if (isEnumType(type)) return seed % 2 === 0 ? "RED" : "GREEN";
  if (isObjectType(type)) return { seed, type: type.name };
  if (isAbstractType(type)) {
    const possible = schema.getPossibleTypes(type);
    return { seed, type: possible[hash(seed, "type") % possible.length]?.name };
  }
  return type.name === "Boolean" ? seed % 2 === 0 : hash(seed, "leaf") % 1000;
}

/** Items of lists as promises: GraphQL.js leaves a rejected one unhandled when another item fails in the same tick. */
const later = async (value: unknown): Promise<unknown> =>
  Array.isArray(value) ? value.map(later) : Promise.resolve(value);

function seededSchema(isAsync: boolean): GraphQLSchema {
  const schema = buildSchema(types);
  const resolve: GraphQLField<Seeded, unknown>["resolve"] = (parent, args, _context, info) => {
    const seed = hash(parent.seed, `${info.fieldName}(${JSON.stringify(args)})`);
    if (seed % 40 === 0) throw new Error(`thrown ${seed}`);
    return valueOf(info.returnType, seed, schema);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) {
      const resolveType = (value: Seeded) => (value.seed % 30 === 0 ? "Nothing" : value.type);
      type.resolveType = isAsync
        ? (value: Seeded) => later(resolveType(value)) as never
        : resolveType;
    }
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    if (type.name === "B") {
      const isB = (value: Seeded) => value.seed % 25 !== 0;
      type.isTypeOf = (value: Seeded) => (isAsync ? (later(isB(value)) as never) : isB(value));
    }
    for (const field of Object.values(type.getFields())) {
      field.resolve = isAsync
        ? (...all) => later(null).then(() => later(resolve(...(all as Parameters<typeof resolve>))))
        : resolve;
    }
  }
  return schema;
}

const manners: Manner[] = ["plain", "aliased", "inline fragments", "named fragments"];

interface Generated {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly rootValue: Seeded;
}

function operations(schema: GraphQLSchema, kind: "query" | "mutation"): fc.Arbitrary<Generated> {
  const root = kind === "query" ? schema.getQueryType() : schema.getMutationType();
  if (!root) throw new Error(`no ${kind}`);
  return fc
    .tuple(
      operationOf(root, () => true, { schema, directives: true }),
      fc.constantFrom(...manners),
      fc.nat(),
    )
    .map(([selected, manner, seed]) => ({
      ...write(kind, selected, manner),
      rootValue: { seed, type: root.name },
    }));
}

const RUNS = 1000;

describe.each(["query", "mutation"] as const)("a generated %s", (kind) => {
  it("has exactly the data and errors of GraphQL.js when its resolvers are synchronous", async () => {
    const schema = seededSchema(false);
    const ours = createExecutor(schema);
    const seen = { withErrors: 0, withoutErrors: 0, withoutData: 0 };
    await fc.assert(
      fc.asyncProperty(operations(schema, kind), async (operation) => {
        const { actual, expected } = await executeBoth(schema, operation, () => undefined, ours);
        expect(actual).toEqual(expected);
        if (actual.data === "null") seen.withoutData += 1;
        else if (actual.errors.length > 0) seen.withErrors += 1;
        else seen.withoutErrors += 1;
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(RUNS / 50);
  });

  it("has the data of GraphQL.js, and an error for each null, when its resolvers are asynchronous", async () => {
    const schema = seededSchema(true);
    const ours = createExecutor(schema);
    await fc.assert(
      fc.asyncProperty(operations(schema, kind), async (operation) => {
        expectEquivalentResult(await executeBoth(schema, operation, () => undefined, ours));
      }),
      { numRuns: RUNS },
    );
  });
});
