import { createHash } from "node:crypto";
import { createSecretBox } from "../../src/services/idempotency/secret-box.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { uniqueName } from "../support/given.js";
import { graphql, type Request, rows, view } from "./stored-by-version-0.js";

let gateway: TestGateway;
let admin: string;
let credential: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  const { data } = await gateway.ask(admin, `{ apiKeys { id } }`);
  credential = (data as { apiKeys: { id: string }[] }).apiKeys.at(-1)?.id ?? "";
});
afterAll(() => gateway.stop());

const TYPE = "application/json";

const query = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  gateway.dataSource.query<Row[]>(sql, values);

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** Writes the row as version 0 did. */
async function givenRow(
  key: string,
  { door, method, path, body }: Request,
  outcomes: Readonly<Record<string, string>>,
  answer: string | null,
): Promise<void> {
  const { seal } = createSecretBox(admin, key);
  const sealed = Object.entries(outcomes).map(([name, text]) => [
    name,
    seal(text).toString("base64"),
  ]);
  await query(
    `INSERT INTO idempotent_requests (credential, key_hash, fingerprint, outcomes, answer) VALUES ($1, $2, $3, $4, $5)`,
    [
      credential,
      sha256(key),
      sha256(JSON.stringify([door, method, path, TYPE, body])),
      JSON.stringify(Object.fromEntries(sealed)),
      answer === null ? null : seal(answer),
    ],
  );
}

async function send(key: string, { method, path, body }: Request) {
  const response = await fetch(gateway.url + path, {
    method,
    headers: {
      apikey: admin,
      "x-auth-token": admin,
      "x-user-id": "xxxxxxxxxxxxxxxxx",
      authorization: `Bearer ${admin}`,
      "content-type": TYPE,
      "idempotency-key": key,
    },
    body,
  });
  const isReplayed = response.headers.get("idempotency-replayed") === "true";
  return { status: response.status, isReplayed, body: await response.json() };
}

const changes = () =>
  query(
    `SELECT (SELECT count(*) FROM audit_records) AS audits, (SELECT count(*) FROM events) AS events,
            (SELECT count(*) FROM users) AS users`,
  );

describe.each(rows)("a row of version 0 for $name", ({ request, outcomes, body }) => {
  it("a row of version 0 without a response answers the request from its outcomes and changes nothing", async () => {
    const key = uniqueName("key");
    await givenRow(key, request, outcomes, null);
    const before = await changes();
    const lost = await send(key, request);
    expect(lost).toMatchObject({ status: 200, isReplayed: true, body });
    // The response is stored now.
    expect(await send(key, request)).toEqual(lost);
    expect(await changes()).toEqual(before);
  });

  it("a row of version 0 answers the request with its response and changes nothing", async () => {
    const key = uniqueName("key");
    const isGraphQL = request.door === "GRAPHQL";
    const answer = isGraphQL
      ? `{"status":200,"dataJson":"{\\"stored\\":true}","extensions":{"cost":7}}`
      : JSON.stringify({ status: 200, body });
    await givenRow(key, request, outcomes, answer);
    const before = await changes();
    expect(await send(key, request)).toEqual({
      status: 200,
      isReplayed: true,
      body: isGraphQL ? { data: { stored: true }, extensions: { cost: 7 } } : body,
    });
    expect(await changes()).toEqual(before);
  });
});

it("a stored response of version 0 with errors is returned with its data and status", async () => {
  const key = uniqueName("key");
  const request = graphql(`
    mutation {
      refreshTab(input: { tabId: "t" }) {
        tabId
      }
    }
  `);
  const reply = {
    status: 200,
    headers: { "retry-after": "1" },
    errors: [{ message: "no", path: ["refreshTab"], extensions: { code: "CONFLICT" } }],
    data: null,
    extensions: { cost: 1 },
  };
  await givenRow(key, request, {}, JSON.stringify(reply));
  const { errors, data, extensions } = reply;
  expect(await send(key, request)).toEqual({
    status: 200,
    isReplayed: true,
    body: { errors, data, extensions },
  });
});

it("a mutation that version 0 has executed half-way is completed: only the rest is executed", async () => {
  const [first, second, key] = [uniqueName("view"), uniqueName("view"), uniqueName("key")];
  const request = graphql(
    `mutation { a: createView(input: { name: "${first}" }) { view { name } } b: createView(input: { name: "${second}" }) { view { name } } }`,
  );
  await givenRow(key, request, { "catalogue.createView 1": view(4711, first) }, null);
  expect(await send(key, request)).toMatchObject({
    isReplayed: true,
    body: { data: { a: { view: { name: first } }, b: { view: { name: second } } } },
  });
  expect(await query(`SELECT name FROM views WHERE name = ANY($1)`, [[first, second]])).toEqual([
    { name: second },
  ]);
});

it("an outcome is also stored under the name by which version 0 looks for it", async () => {
  const key = uniqueName("key");
  const name = uniqueName("view");
  const request = graphql(`mutation { createView(input: { name: "${name}" }) { view { name } } }`);
  expect(await send(key, request)).toMatchObject({ status: 200, isReplayed: false });
  const [row] = await query<{ outcomes: object }>(
    `SELECT outcomes FROM idempotent_requests WHERE key_hash = $1`,
    [sha256(key)],
  );
  expect(Object.keys(row?.outcomes ?? {}).sort()).toEqual(["0", "catalogue.createView 1"]);
});
