import * as fc from "fast-check";
import type { GraphQLObjectType } from "graphql";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { type GraphQLAnswer, startTestGateway, type TestGateway } from "../support/gateway.js";
import { schema } from "./admitting.js";
import { type Manner, operationOf, type Selected, write } from "./generated-operation.js";

const RUNS = 60;

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Answer extends GraphQLAnswer {
  readonly extensions?: { readonly cost?: { readonly requested: number; readonly limit: number } };
}

const ask = ({ query, variables }: ReturnType<typeof write>): Promise<Answer> =>
  gateway.ask(admin, query, variables);

/** The number of values in a result, as the cost counts them. Lists without pages count as short. */
function valuesIn(data: unknown): number {
  if (Array.isArray(data))
    return data.slice(0, 100).reduce((sum: number, entry) => sum + valuesIn(entry), 0);
  if (typeof data !== "object" || data === null) return 1;
  return Object.values(data).reduce((sum: number, value) => sum + valuesIn(value), 1);
}

/** The values without their names, which aliases change. */
const withoutNames = (data: unknown): unknown =>
  typeof data === "object" && data !== null ? Object.values(data).map(withoutNames) : data;

function expectNoFault({ status, errors = [], extensions }: Answer): void {
  expect([200, 400]).toContain(status);
  for (const { message, extensions: details } of errors) {
    expect([message, details.code]).not.toContain("INTERNAL_SERVER_ERROR");
    expect(message).not.toMatch(/did you mean|select |node_modules|\.ts:/i);
  }
  const { requested = 0, limit = 0 } = extensions?.cost ?? {};
  expect(requested).toBeLessThanOrEqual(limit);
}

const rootOf = (type: GraphQLObjectType | null | undefined): GraphQLObjectType => {
  if (!type) throw new Error("the schema has no such root");
  return type;
};

const manners: Manner[] = ["aliased", "inline fragments", "named fragments"];

it("any generated query is answered within its cost or refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      operationOf(rootOf(schema.getQueryType()), () => true),
      fc.constantFrom(...manners),
      async (selected: Selected[], manner) => {
        const plain = await ask(write("query", selected, "plain"));
        expectNoFault(plain);
        const other = await ask(write("query", selected, manner));
        expect(withoutNames(other.data)).toEqual(withoutNames(plain.data));
        const codes = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions.code);
        expect(codes(other).sort()).toEqual(codes(plain).sort());
        expect(other.extensions?.cost).toEqual(plain.extensions?.cost);
        if (plain.data && !plain.errors) {
          expect(plain.extensions?.cost?.requested).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: RUNS },
  );
});

it("any generated mutation is made or refused", async () => {
  const isWanted = (name: string) => name !== "login" && name !== "logout";
  await fc.assert(
    fc.asyncProperty(
      operationOf(rootOf(schema.getMutationType()), isWanted),
      async (selected: Selected[]) =>
        expectNoFault(await ask(write("mutation", selected, "plain"))),
    ),
    { numRuns: RUNS },
  );
});

it("a page holds no more values than its cost", async () => {
  const sizes = fc.integer({ min: 1, max: 100 });
  const fields = fc.subarray(
    [
      "id",
      "username",
      "presence { online status { id name } }",
      "agent { maxChats user { email } }",
    ],
    { minLength: 1 },
  );
  await fc.assert(
    fc.asyncProperty(sizes, sizes, fields, async (first, last, nodes) => {
      const query = `query ($first: Int) { users(first: $first) { totalCount nodes { ${nodes.join(" ")} } }
        presences(last: ${last}) { edges { cursor node { user { ${nodes.join(" ")} } } } } }`;
      const { data, extensions } = await ask({ query, variables: { first } });
      const values = valuesIn(data) - 1;
      expect(values).toBeGreaterThan(0);
      expect(values).toBeLessThanOrEqual(extensions?.cost?.requested ?? 0);
    }),
    { numRuns: 15 },
  );
});
