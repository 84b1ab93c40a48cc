import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf } from "./answers.js";
import { contentsOf } from "./contents.js";
import { givenPerson, PASSWORD } from "./given.js";

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  await givenPerson(gateway, admin, { username: "anna.berg", password: PASSWORD });
});
afterAll(() => gateway.stop());

const login = (password: string) => `login(input: { user: "anna.berg", password: "${password}" })`;

describe("without a credential", () => {
  it("what fits the schema cannot be told from what does not", async () => {
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
        `mutation { ${login(PASSWORD)} { tokn } }`,
        `mutation { ${login(PASSWORD)} { token } nothing }`,
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
            message: "Sign in first: no valid credential was given",
            extensions: { code: "UNAUTHENTICATED" },
          },
        ],
      });
      expect(headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  it("one can sign in once in a request, and not try several passwords", async () => {
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

  it("one can see that somebody is there", async () => {
    expect(dataOf(await gateway.ask(null, `{ __typename }`))).toEqual({ __typename: "Query" });
  });
});

it("with a credential a mistake is explained, and nothing else suggested", async () => {
  const { errors } = await gateway.ask(admin, `{ viewer { nam } }`);
  expect(errors?.map(({ message }) => message)).toEqual([
    `Cannot query field "nam" on type "Viewer".`,
  ]);
});

it("nothing is traced, whatever headers ask for it", async () => {
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
    extensions: { cost: { requested: 2, limit: 50_000, left: 49_998 } },
  });
});
