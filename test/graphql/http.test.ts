import { request as httpRequest } from "node:http";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

const MAX_BODY_BYTES = 20_000;

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway({ GRAPHQL_MAX_BODY_BYTES: String(MAX_BODY_BYTES) });
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { errors?: { message: string; extensions: { code: string } }[]; data?: unknown };
}

/** Sends a request unchanged, with a key that has ADMIN. */
async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(gateway.url + path, {
    ...init,
    headers: { authorization: `Bearer ${admin}`, ...(init.headers as Record<string, string>) },
  });
  const text = await response.text();
  expect(response.headers.get("content-type")).toMatch(/^application\/(graphql-response\+)?json/);
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as object };
}

const JSON_TYPE = { "content-type": "application/json" };
const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
) => send("/graphql", { method: "POST", headers, body });

const MUTATION = `mutation { createGroup(input: { name: "by stealth" }) { group { id } } }`;

describe("a body that is no GraphQL request is refused with 400", () => {
  it.each([
    ["invalid JSON", "{"],
    ["no bytes", ""],
    ["null", "null"],
    ["a number", "1"],
    ["a string", `"{ viewer { name } }"`],
    ["a list of requests", `[{ "query": "{ viewer { name } }" }]`],
    ["no query", `{}`],
    ["a query that is not a string", `{ "query": 1 }`],
    ["variables that are not an object", `{ "query": "{ viewer { name } }", "variables": "x" }`],
    ["extensions that are not an object", `{ "query": "{ viewer { name } }", "extensions": [] }`],
    ["a query that does not parse", `{ "query": "{ viewer" }`],
    ["an unknown operation name", `{ "query": "{ viewer { name } }", "operationName": "x" }`],
    [
      "two operations and no operation name",
      `{ "query": "query a { viewer { name } } query b { viewer { name } }" }`,
    ],
  ])("a body with %s is refused with 400", async (_, text) => {
    const { status, body } = await post(text);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions.code).toMatch(
      /^(BAD_REQUEST|GRAPHQL_PARSE_FAILED|OPERATION_RESOLUTION_FAILURE)$/,
    );
    expect(body.data).toBeUndefined();
  });

  it("a body that is not valid UTF-8 is refused with 400", async () => {
    const bytes = new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]);
    expect((await post(bytes)).status).toBe(400);
  });
});

describe("a body above the limit is refused with 413", () => {
  const bodyOf = (bytes: number) => {
    const body = (padding: string) => JSON.stringify({ query: "{ viewer { name } }", padding });
    return body("x".repeat(bytes - body("").length));
  };

  it("a body of exactly the limit is accepted", async () => {
    expect((await post(bodyOf(MAX_BODY_BYTES))).status).toBe(200);
    const { status, body } = await post(bodyOf(MAX_BODY_BYTES + 1));
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([413, "BAD_REQUEST"]);
  });

  it.each([100_000, 20_000_000])("a body of %i bytes is refused with 413", async (bytes) => {
    expect((await post(bodyOf(bytes))).status).toBe(413);
  });

  it("a body above the limit without a content-length is refused with 413", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        `${gateway.url}/graphql`,
        { method: "POST", headers: { ...JSON_TYPE, authorization: `Bearer ${admin}` } },
        (response) => {
          resolve(response.statusCode);
          request.destroy();
        },
      );
      request.on("error", reject);
      for (let i = 0; i < 5; i += 1) request.write("x".repeat(MAX_BODY_BYTES / 4));
    });
    expect(status).toBe(413);
  });
});

describe("a variable of the wrong type is named", () => {
  const login = `mutation ($input: LoginInput!) { login(input: $input) { token } }`;
  const external = `query ($by: UserBy!) { user(by: $by) { id } }`;
  const roles = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`;

  it.each([
    [
      "a variable of the wrong type",
      `query ($n: Int) { users(first: $n) { totalCount } }`,
      { n: "many" },
      ["n"],
    ],
    ["a missing variable", login, {}, ["input"]],
    ["null for a required variable", login, { input: null }, ["input"]],
    ["a missing property", login, { input: { user: "x" } }, ["input.password"]],
    ["an unknown property", external, { by: { id: "x", surplus: 1 } }, ["by.surplus"]],
    ["a property of the wrong type", external, { by: { username: ["x", "y"] } }, ["by.username"]],
    [
      "a nested property",
      external,
      { by: { external: { system: "X", id: "1" } } },
      ["by.external.system"],
    ],
    [
      "an entry of a list",
      roles,
      { input: { user: { id: "x" }, permissions: ["ADMIN", "KING"] } },
      ["input.permissions.1"],
    ],
    [
      "each of several wrong properties",
      login,
      { input: { user: { text: `" at "b"; Expected c` }, password: 1 } },
      ["input.password", "input.user"],
    ],
  ])("the error names the path of %s", async (_, query, variables, paths) => {
    const { status, body } = await post(JSON.stringify({ query, variables }));
    const extensions = (body.errors ?? []).map(
      (error) => error.extensions as { code: string; fields?: { path: string; message: string }[] },
    );
    const fields = extensions.flatMap((extension) => extension.fields ?? []);
    expect([status, fields.map(({ path }) => path).sort()]).toEqual([400, paths]);
    for (const { code } of extensions) expect(code).toBe("BAD_USER_INPUT");
    for (const { message } of fields) expect(message).not.toBe("");
  });
});

it.each([
  [undefined, 400, "application/json; charset=utf-8"],
  ["*/*", 400, "application/json; charset=utf-8"],
  ["application/json", 200, "application/json; charset=utf-8"],
  ["application/json;q=0.9, text/html", 200, "application/json; charset=utf-8"],
  ["application/graphql-response+json", 400, "application/graphql-response+json; charset=utf-8"],
  [
    "application/graphql-response+json, application/json;q=0.9",
    400,
    "application/graphql-response+json; charset=utf-8",
  ],
  ["text/html", 406, "application/json; charset=utf-8"],
])(
  "with Accept %s a variable of the wrong type receives status %i",
  async (accept, ...expected) => {
    const body = {
      query: `query ($n: Int) { users(first: $n) { totalCount } }`,
      variables: { n: "x" },
    };
    const headers = { ...JSON_TYPE, ...(accept === undefined ? {} : { accept }) };
    const answer = await post(JSON.stringify(body), headers);
    expect([answer.status, answer.headers.get("content-type")]).toEqual(expected);
  },
);

it.each(["PUT", "PATCH", "DELETE"])(
  "%s is refused with 405 and an Allow header",
  async (method) => {
    const { status, headers } = await send("/graphql", {
      method,
      headers: JSON_TYPE,
      body: JSON.stringify({ query: MUTATION }),
    });
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe("GET, POST");
  },
);

it.each([
  "/",
  "/graphq",
  "/graphql/",
  "/GRAPHQL",
  "//graphql",
  "/graphql/..%2f",
  "/%00",
  "/__proto__",
  "/constructor",
])("%s receives 404 and JSON", async (path) => {
  const { status, body } = await send(path);
  expect([status, body]).toEqual([404, { error: "Not found" }]);
});

describe("what Authorization says is a credential only in the shape of a bearer", () => {
  const withHeader = (authorization: string) =>
    send("/graphql", {
      method: "POST",
      headers: { ...JSON_TYPE, authorization },
      body: JSON.stringify({ query: "{ viewer { kind } }" }),
    });

  it.each([
    ["Bearer", (key: string) => `Bearer ${key}`],
    ["bearer in small letters", (key: string) => `bearer ${key}`],
    ["several spaces", (key: string) => `Bearer   ${key}`],
  ])("Authorization %s is accepted", async (_, header) => {
    expect((await withHeader(header(admin))).status).toBe(200);
  });

  it.each([
    ["the key alone", (key: string) => key],
    ["Basic", (key: string) => `Basic ${Buffer.from(`x:${key}`).toString("base64")}`],
    ["two keys", (key: string) => `Bearer ${key} ${key}`],
    ["a key with something behind it", (key: string) => `Bearer ${key}x`],
    ["nothing", () => "Bearer "],
  ])("Authorization %s is refused with 401", async (_, header) => {
    const { status, headers, body } = await withHeader(header(admin));
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([401, "UNAUTHENTICATED"]);
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });
});

describe("a request has an id, which the answer and the audit name", () => {
  const rename = async (id: string | null, name: string) => {
    const { headers, body } = await send("/graphql", {
      method: "POST",
      headers: { ...JSON_TYPE, ...(id === null ? {} : { "x-request-id": id }) },
      body: JSON.stringify({
        query: `mutation { createView(input: { name: "${name}" }) { view { id } } }`,
      }),
    });
    const { id: viewId } = (body.data as { createView: { view: { id: string } } }).createView.view;
    const rows: { request_id: string }[] = await gateway.dataSource.query(
      `SELECT request_id FROM audit_records WHERE target_id = $1`,
      [viewId],
    );
    expect(rows).toEqual([{ request_id: headers.get("x-request-id") }]);
    return headers.get("x-request-id");
  };

  it("a request keeps the caller's own request id", async () => {
    for (const id of ["a", "4711", "trace-1.2_3", "x".repeat(100)]) {
      expect(await rename(id, `view of ${id.slice(0, 20)}`)).toBe(id);
    }
  });

  it.each([
    ["none", null],
    ["empty", ""],
    ["too long", "x".repeat(101)],
    ["with spaces", "a b"],
    ["with quotes", `a"b`],
    ["with a slash", "../../etc"],
  ])("a request receives a new id when the caller's is %s", async (label, id) => {
    const made = [await rename(id, `first ${label}`), await rename(id, `second ${label}`)];
    for (const requestId of made)
      expect(requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(new Set(made).size).toBe(2);
  });

  it("a refused request has an id too", async () => {
    const headers = { "x-request-id": "refused-1" };
    expect((await send("/nowhere", { headers })).headers.get("x-request-id")).toBe("refused-1");
    const answer = await post("{", { ...JSON_TYPE, ...headers });
    expect(answer.headers.get("x-request-id")).toBe("refused-1");
  });
});
