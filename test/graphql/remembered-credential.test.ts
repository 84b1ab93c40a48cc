import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { codeOf } from "./answers.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const PEOPLE = `{ users(first: 1) { totalCount } }`;
const LOCK = `mutation ($input: LockStatusInput!) { lockStatus(input: $input) { presence { online } } }`;

/** As another process on the database does it, of which this one hears nothing before the next request. */
const elsewhere = (sql: string): Promise<unknown> =>
  gateway.dataSource.query(`UPDATE api_keys SET ${sql} WHERE id = (SELECT max(id) FROM api_keys)`);

const auditRecords = () =>
  gateway.dataSource.query(`SELECT id FROM audit_records WHERE action <> 'createUser'`);

it("is worth what it is worth now, and not what it was worth at the last request", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const ask = async () => codeOf(await gateway.ask(secret, PEOPLE));
  expect(await ask()).toBe("OK");
  await elsewhere(`permissions = '{}'`);
  expect(await ask()).toBe("FORBIDDEN");
  await elsewhere(`permissions = '{USER_READ}'`);
  expect(await ask()).toBe("OK");
  await elsewhere(`revoked_at = now()`);
  expect(await ask()).toBe("UNAUTHENTICATED");
  await elsewhere(`revoked_at = NULL`);
  expect(await ask()).toBe("OK");
  await elsewhere(`expires_at = now()`);
  expect(await ask()).toBe("UNAUTHENTICATED");
});

it("is worth the same in a crowd, for all who come after it was lost", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const crowd = () =>
    Promise.all(Array.from({ length: 40 }, async () => codeOf(await gateway.ask(secret, PEOPLE))));
  expect(new Set(await crowd())).toEqual(new Set(["OK"]));
  await elsewhere(`permissions = '{}'`);
  expect(new Set(await crowd())).toEqual(new Set(["FORBIDDEN"]));
  await elsewhere(`revoked_at = now()`);
  expect(new Set(await crowd())).toEqual(new Set(["UNAUTHENTICATED"]));
});

it.each([
  ["what does not fit the schema", "{ nothing }"],
  ["what is no GraphQL", "{"],
  ["what is too large", `{ ${"a".repeat(2_000_000)} }`],
  ["what costs too much", `{ users(first: 100) { nodes { views { view { name } } } } }`],
])("who has lost it is told nothing else, such as of %s", async (_what, query) => {
  const secret = await gateway.givenKey("ADMIN");
  expect(codeOf(await gateway.ask(secret, PEOPLE))).toBe("OK");
  await elsewhere(`revoked_at = now()`);
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
  ["a revoked one", `revoked_at = now()`, "UNAUTHENTICATED"],
  ["one whose permission was taken", `permissions = '{USER_READ}'`, "FORBIDDEN"],
])("nothing is changed with %s", async (_what, loss, code) => {
  const secret = await gateway.givenKey("USER_READ", "USER_CUD");
  const lock = async (headers = {}) => {
    const user = await givenUser(gateway);
    const input = { user: { id: user.globalId }, statusId: 2 };
    return codeOf(await gateway.ask(secret, LOCK, { input }, headers));
  };
  expect(await lock()).toBe("OK");
  await elsewhere(loss);
  const before = await auditRecords();
  expect(await lock()).toBe(code);
  expect(await lock({ "idempotency-key": "lost" })).toBe(code);
  expect(await auditRecords()).toEqual(before);
});
