import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf } from "./answers.js";
import { contentsOf } from "./contents.js";
import { givenPerson, PASSWORD } from "./given.js";

const MAX_COST = 300;

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    AUTH_FAILURES_MAX: "1000",
    GRAPHQL_MAX_COST: String(MAX_COST),
  });
  admin = await gateway.givenKey("ADMIN");
  await givenPerson(gateway, admin, { username: "anna.berg", password: PASSWORD });
});
afterAll(() => gateway.stop());

const login = (password: string) => `login(input: { user: "anna.berg", password: "${password}" })`;

async function openSessions(): Promise<number> {
  const rows = await gateway.dataSource.query<unknown[]>(
    `SELECT 1 FROM login_sessions WHERE revoked_at IS NULL`,
  );
  return rows.length;
}

describe("without a credential", () => {
  it("a caller without a credential cannot distinguish valid documents from invalid ones", async () => {
    const answers = await Promise.all(
      [
        `{ viewer { name } }`,
        `{ viewerr { name } }`,
        `{ viewer { nam } }`,
        `{ users(first: 1000) { totalCount } }`,
        `{ users(filter: { kin: STAFF }) { totalCount } }`,
        `query ($f: UserFilte) { users(filter: $f) { totalCount } }`,
        `query ($f: Int!) { users(first: $f) { totalCount } }`,
        `{ __schema { types { name } } }`,
        `{ ...F } fragment F on Nobody { id }`,
        `mutation { deleteEverything }`,
        `mutation { logout { ok } }`,
        `mutation { ${login(PASSWORD)} @skip(if: true) { token } }`,
        `mutation { ${login(PASSWORD)} @skip(if: true) { tokn } }`,
        `mutation { ... @include(if: false) { ${login(PASSWORD)} { token } } }`,
        `mutation { login { token } }`,
        `mutation { login(input: { usr: "anna.berg" }) { token } }`,
        `{ ${login(PASSWORD)} { token } }`,
        `subscription { ${login(PASSWORD)} { token } }`,
        `mutation { logout { ok } ${login(PASSWORD)} { token } }`,
        `subscription { anything }`,
      ].map((query) => gateway.ask(null, query)),
    );
    for (const { status, headers, data, errors } of answers) {
      expect({ status, data, errors }).toEqual({
        status: 401,
        data: undefined,
        errors: [
          {
            message: "Authentication required",
            extensions: { code: "UNAUTHENTICATED" },
          },
        ],
      });
      expect(headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  it("an anonymous request may log in once, not try several passwords", async () => {
    const before = await contentsOf(gateway.dataSource);
    const guesses = ["first guess", "second guess", PASSWORD];
    const query = guesses.map((guess, i) => `a${i}: ${login(guess)} { token }`).join(" ");
    const answer = await gateway.ask(null, `mutation { ${query} }`);
    expect([codeOf(answer), answer.data]).toEqual(["UNAUTHENTICATED", undefined]);
    expect(await contentsOf(gateway.dataSource)).toEqual(before);
    expect(dataOf(await gateway.ask(null, `mutation { ${login(PASSWORD)} { token } }`))).toEqual({
      login: { token: expect.any(String) },
    });
  });

  const documents = (password: string): readonly string[] => [
    `mutation { ${login(password)} { token } }`,
    `mutation { ${login(password)} { tokn } }`,
    `mutation { ${login(password)} { token user { passwordHash } } }`,
    `mutation { ${login(password)} { token } nothing }`,
    `mutation { ${login(password)} { token } reserveEverything(first: 3) { ids } }`,
    `mutation { ${login(password)} { token ...F } } fragment F on Nobody { id }`,
    `mutation { ${login(password)} { user { statusHistory(first: 100) { edges { cursor node { id at } } } } } }`,
    `mutation ($n: Int!) { ${login(password)} { token user { statusHistory(first: $n) { edges { cursor } } } } }`,
    `mutation ($n: Int!) { ${login(password)} { token user { nothing(first: $n) } } }`,
    `mutation @nothing { ${login(password)} { token } }`,
  ];

  it("a wrong password returns the same error whatever else the operation selects", async () => {
    const before = await contentsOf(gateway.dataSource);
    const [first, ...others] = await Promise.all(
      documents("a wrong password").map(async (query) => {
        const { headers, errors = [], ...answer } = await gateway.ask(null, query);
        // The locations only point into the caller's own document.
        const told = errors.map((error) => ({ ...error, locations: undefined }));
        return { ...answer, errors: told, names: [...headers.keys()] };
      }),
    );
    expect(first).toMatchObject({
      status: 200,
      data: null,
      errors: [{ message: "Wrong user or password", path: ["login"] }],
    });
    expect(first).not.toHaveProperty("extensions");
    for (const other of others) expect(other).toEqual(first);
    expect(await contentsOf(gateway.dataSource)).toEqual(before);
  });

  it("a caller with the right password receives the validation errors and no session", async () => {
    const before = await openSessions();
    const [, ...faulty] = documents(PASSWORD);
    for (const query of faulty) {
      const { status, data, errors } = await gateway.ask(null, query);
      expect([query, status, data]).toEqual([query, 400, undefined]);
      expect(errors?.[0]?.extensions.code).toMatch(
        /^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT|OPERATION_TOO_LARGE)$/,
      );
    }
    expect(await openSessions()).toBe(before);
  });

  it("__typename is answered without a credential", async () => {
    expect(dataOf(await gateway.ask(null, `{ __typename }`))).toEqual({ __typename: "Query" });
  });
});

it("with a credential a validation error explains the mistake without suggestions", async () => {
  const { errors } = await gateway.ask(admin, `{ viewer { nam } }`);
  expect(errors?.map(({ message }) => message)).toEqual([
    `Cannot query field "nam" on type "Viewer".`,
  ]);
});

it("no header makes the gateway return a trace", async () => {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${admin}`,
      "content-type": "application/json",
      "apollo-tracing": "1",
      "x-apollo-tracing": "1",
      "apollo-federation-include-trace": "ftv1",
      "apollo-query-plan-experimental": "1",
    },
    body: JSON.stringify({ query: `{ viewer { kind } }`, extensions: { tracing: true } }),
  });
  expect(await response.json()).toEqual({
    data: { viewer: { kind: "API_KEY" } },
    extensions: { cost: { requested: 2, limit: MAX_COST, left: MAX_COST - 2 } },
  });
});
