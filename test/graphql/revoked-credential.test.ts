import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { codeOf } from "./answers.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const USERS = `{ users(first: 1) { totalCount } }`;
const LOCK = `mutation ($input: LockStatusInput!) { lockStatus(input: $input) { presence { online } } }`;

/** Changes the newest key as another process on the database does, without a notification to this one. */
const changeKey = (sql: string): Promise<unknown> =>
  gateway.dataSource.query(`UPDATE api_keys SET ${sql} WHERE id = (SELECT max(id) FROM api_keys)`);

const auditRecords = () =>
  gateway.dataSource.query(`SELECT id FROM audit_records WHERE action <> 'createUser'`);

it("a change of a credential takes effect with the next request", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const ask = async () => codeOf(await gateway.ask(secret, USERS));
  expect(await ask()).toBe("OK");
  await changeKey(`permissions = '{}'`);
  expect(await ask()).toBe("FORBIDDEN");
  await changeKey(`permissions = '{USER_READ}'`);
  expect(await ask()).toBe("OK");
  await changeKey(`revoked_at = now()`);
  expect(await ask()).toBe("UNAUTHENTICATED");
  await changeKey(`revoked_at = NULL`);
  expect(await ask()).toBe("OK");
  await changeKey(`expires_at = now()`);
  expect(await ask()).toBe("UNAUTHENTICATED");
});

it("a change of a credential takes effect for all of 40 concurrent requests that share its lookup", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const askConcurrently = () =>
    Promise.all(Array.from({ length: 40 }, async () => codeOf(await gateway.ask(secret, USERS))));
  expect(new Set(await askConcurrently())).toEqual(new Set(["OK"]));
  await changeKey(`permissions = '{}'`);
  expect(new Set(await askConcurrently())).toEqual(new Set(["FORBIDDEN"]));
  await changeKey(`revoked_at = now()`);
  expect(new Set(await askConcurrently())).toEqual(new Set(["UNAUTHENTICATED"]));
});

it.each([
  ["a document that does not fit the schema", "{ nothing }"],
  ["a document that does not parse", "{"],
  ["a body above the limit", `{ ${"a".repeat(2_000_000)} }`],
  ["a document that costs too much", `{ users(first: 100) { nodes { views { view { name } } } } }`],
])("a request with a revoked credential receives 401 and no error of %s", async (_what, query) => {
  const secret = await gateway.givenKey("ADMIN");
  expect(codeOf(await gateway.ask(secret, USERS))).toBe("OK");
  await changeKey(`revoked_at = now()`);
  const { status, data, errors } = await gateway.ask(secret, query);
  expect({ status, data, errors }).toEqual({
    status: 401,
    data: undefined,
    errors: [
      {
        message: "The credential is unknown, expired or revoked",
        extensions: { code: "UNAUTHENTICATED" },
      },
    ],
  });
});

it.each([
  ["a revoked credential", `revoked_at = now()`, "UNAUTHENTICATED"],
  ["a credential that lost its permission", `permissions = '{USER_READ}'`, "FORBIDDEN"],
])("a mutation with %s changes nothing", async (_what, loss, code) => {
  const secret = await gateway.givenKey("USER_READ", "USER_CUD");
  const lock = async (headers = {}) => {
    const user = await givenUser(gateway);
    const input = { user: { id: user.globalId }, statusId: 2 };
    return codeOf(await gateway.ask(secret, LOCK, { input }, headers));
  };
  expect(await lock()).toBe("OK");
  await changeKey(loss);
  const before = await auditRecords();
  expect(await lock()).toBe(code);
  expect(await lock({ "idempotency-key": "lost" })).toBe(code);
  expect(await auditRecords()).toEqual(before);
});
