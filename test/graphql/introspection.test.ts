import { getIntrospectionQuery } from "graphql";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf } from "./answers.js";

const ways = {
  "the whole schema": getIntrospectionQuery(),
  "one type": `{ __type(name: "User") { name } }`,
  "one type, beside something else": `{ viewer { name } user: __type(name: "User") { name } }`,
  "one type, by a fragment": `query { ...hidden } fragment hidden on Query { __schema { queryType { name } } }`,
  "one type, by an inline fragment": `{ ... on Query { ... { __schema { queryType { name } } } } }`,
};

type Caller = "nobody" | "a key that may only reserve" | "ADMIN";

/** The response to a caller with these settings. */
const settings: readonly [
  label: string,
  environment: Record<string, string>,
  answers: Record<Caller, string>,
][] = [
  [
    "in development",
    { NODE_ENV: "development" },
    { nobody: "UNAUTHENTICATED", "a key that may only reserve": "OK", ADMIN: "OK" },
  ],
  [
    "in production",
    { NODE_ENV: "production" },
    { nobody: "UNAUTHENTICATED", "a key that may only reserve": "FORBIDDEN", ADMIN: "OK" },
  ],
  [
    "in production with GRAPHQL_INTROSPECTION=true",
    { NODE_ENV: "production", GRAPHQL_INTROSPECTION: "true" },
    { nobody: "UNAUTHENTICATED", "a key that may only reserve": "OK", ADMIN: "OK" },
  ],
  [
    "with GRAPHQL_INTROSPECTION=false",
    { NODE_ENV: "development", GRAPHQL_INTROSPECTION: "false" },
    { nobody: "UNAUTHENTICATED", "a key that may only reserve": "FORBIDDEN", ADMIN: "FORBIDDEN" },
  ],
];

describe.each(settings)("the schema, %s", (_, environment, answers) => {
  let gateway: TestGateway;
  let secrets: Record<Caller, string | null>;
  beforeAll(async () => {
    gateway = await startTestGateway(environment);
    secrets = {
      nobody: null,
      "a key that may only reserve": await gateway.givenKey("API_RESERVE_USER"),
      ADMIN: await gateway.givenKey("ADMIN"),
    };
  });
  afterAll(() => gateway.stop());

  it.each(Object.entries(answers) as [Caller, string][])(
    "introspection for %s: %s",
    async (caller, code) => {
      for (const [way, query] of Object.entries(ways)) {
        const answer = await gateway.ask(secrets[caller], query);
        expect([way, codeOf(answer)]).toEqual([way, code]);
        if (code === "OK") expect(JSON.stringify(answer.data)).toMatch(/Query|User/);
        else expect(answer.data ?? null).toBeNull();
      }
    },
  );

  it("__typename is answered to every caller", async () => {
    const answer = await gateway.ask(null, `{ __typename }`);
    expect(answer.data).toEqual({ __typename: "Query" });
  });

  it("the schema is not revealed by guessing", async () => {
    for (const caller of Object.keys(secrets) as Caller[]) {
      for (const [query, variables] of [
        [`{ viewerr { name } }`],
        [`{ viewer { nam } }`],
        [`{ user(byy: { id: "x" }) { id } }`],
        [`{ users(orderBy: { field: USERNAM }) { totalCount } }`],
        [`{ users(filter: { kin: STAFF }) { totalCount } }`],
        [`query ($f: UserFilte) { users(filter: $f) { totalCount } }`],
        [`{ node(id: "x") { ... on Use { id } } }`],
        [`query ($f: UserFilter) { users(filter: $f) { totalCount } }`, { f: { kin: "STAFF" } }],
        [`query ($f: UserFilter) { users(filter: $f) { totalCount } }`, { f: { kind: "STAF" } }],
      ] as [string, Record<string, unknown>?][]) {
        const answer = await gateway.ask(secrets[caller], query, variables);
        const codes =
          caller === "nobody"
            ? ["UNAUTHENTICATED"]
            : ["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"];
        expect(codes).toContain(codeOf(answer));
        expect(JSON.stringify(answer.errors)).not.toMatch(/did you mean/i);
      }
    }
  });
});
