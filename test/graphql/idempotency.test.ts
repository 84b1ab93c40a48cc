import type { GraphQLAnswer, TestGateway } from "../support/gateway.js";
import { startTestGateway } from "../support/gateway.js";
import { cancelBlocked } from "../support/cancel-blocked.js";
import { givenSignedIn, givenUser, PASSWORD, uniqueName } from "../support/given.js";
import { codeOf, dataOf, faultyFieldsOf } from "./answers.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway({ LOG_LEVEL: "silent" });
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const send = (key: string, document: string, secret: string | null = admin) =>
  gateway.ask(secret, document, undefined, { "idempotency-key": key });

const createUser = (username: string) =>
  `mutation { createUser(input: { username: "${username}" }) { user { id username } } }`;

const told = ({ status, data, errors }: GraphQLAnswer) => ({ status, data, errors });
const isReplayed = ({ headers }: GraphQLAnswer) => headers.get("idempotency-replayed") === "true";

const query = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  gateway.dataSource.query<Row[]>(sql, values);

const isThere = async (username: string): Promise<boolean> =>
  (await query(`SELECT 1 FROM users WHERE username = $1`, [username])).length === 1;

/** The state after a process has died between the commit and the response. */
const loseAnswers = () => query(`UPDATE idempotent_requests SET answer = NULL`);

it("ten concurrent requests with one key are one execution with ten equal responses", async () => {
  const username = uniqueName();
  const key = uniqueName("key");
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => send(key, createUser(username))),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(told(answer)))).size).toBe(1);
  expect(answers.map(codeOf)).toEqual(Array(10).fill("OK"));
});

it("of ten concurrent requests with one key and different bodies one is executed and the others are refused", async () => {
  const key = uniqueName("key");
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => send(key, createUser(uniqueName("racing")))),
  );
  expect(answers.map(codeOf).sort()).toEqual([...Array<string>(9).fill("CONFLICT"), "OK"].sort());
  expect(await query(`SELECT 1 FROM users WHERE username LIKE 'racing-%'`)).toHaveLength(1);
});

it("the key of another request is refused with CONFLICT and changes nothing", async () => {
  const key = uniqueName("key");
  dataOf(await send(key, createUser(uniqueName())));
  const other = uniqueName();
  const answer = await send(key, createUser(other));
  expect(answer.status).toBe(409);
  expect(answer.errors?.[0]?.extensions).toEqual({
    code: "CONFLICT",
    reason: "IDEMPOTENCY_KEY_REUSED",
  });
  expect(await isThere(other)).toBe(false);
});

it("the same key of another credential is another key", async () => {
  const key = uniqueName("key");
  const [mine, yours] = [uniqueName(), uniqueName()];
  const { secret } = await givenSignedIn(gateway, "ADMIN");
  expect(codeOf(await send(key, createUser(mine)))).toBe("OK");
  expect(codeOf(await send(key, createUser(yours), secret))).toBe("OK");
  expect([await isThere(mine), await isThere(yours)]).toEqual([true, true]);
});

it("an idempotency key is kept for a day", async () => {
  const key = uniqueName("key");
  const tab = `mutation { refreshTab(input: { tabId: "tab_1" }) { tabId } }`;
  dataOf(await send(key, tab));
  const age = (hours: number) =>
    query(`UPDATE idempotent_requests SET created_at = now() - make_interval(hours => $1)`, [
      hours,
    ]);
  await age(23);
  await gateway.services.idempotency.prune();
  expect(isReplayed(await send(key, tab))).toBe(true);
  await age(25);
  await gateway.services.idempotency.prune();
  expect(isReplayed(await send(key, tab))).toBe(false);
  expect(await query(`SELECT 1 FROM audit_records WHERE target_id = 'tab_1'`)).toHaveLength(2);
});

it("a refusal is not stored: the key can be reused, also for the corrected request", async () => {
  const key = uniqueName("key");
  const username = uniqueName();
  expect(codeOf(await send(key, createUser("")))).toBe("BAD_USER_INPUT");
  expect(codeOf(await send(key, createUser(username)))).toBe("OK");
  expect(await isThere(username)).toBe(true);
});

it("a request that changes nothing returns the same response the second time", async () => {
  const { globalId } = await givenUser(gateway);
  const unlock = `mutation { unlockStatus(input: { user: { id: "${globalId}" } }) { presence { id } } }`;
  const key = uniqueName("key");
  const first = await send(key, unlock);
  const second = await send(key, unlock);
  expect([isReplayed(first), isReplayed(second)]).toEqual([false, true]);
  expect(told(second)).toEqual(told(first));
});

it("a request that failed half-way executes only the rest when repeated", async () => {
  const [username, view, key] = [uniqueName(), uniqueName("view"), uniqueName("key")];
  const document = `mutation {
    createUser(input: { username: "${username}" }) { user { username } }
    createView(input: { name: "${view}" }) { view { name } }
  }`;
  const failed = await gateway.dataSource.transaction(async (manager) => {
    await manager.query(`LOCK TABLE views IN SHARE MODE`);
    const sent = send(key, document);
    await cancelBlocked(gateway);
    return sent;
  });
  expect(codeOf(failed)).toBe("SERVICE_UNAVAILABLE");
  expect(await isThere(username)).toBe(true);

  const again = await send(key, document);
  expect(dataOf(again)).toEqual({
    createUser: { user: { username } },
    createView: { view: { name: view } },
  });
});

it("a replay returns the user as they were then, without a permission lost since", async () => {
  const { user, secret } = await givenSignedIn(gateway, "USER_CUD");
  const renamed = uniqueName();
  const rename = `mutation { updateUser(input: {
    user: { username: "${user.username}" }, username: "${renamed}", permissions: []
  }) { user { username } } }`;
  const key = uniqueName("key");
  const first = await send(key, rename, secret);
  await loseAnswers();
  const again = await send(key, rename, secret);
  expect(isReplayed(again)).toBe(true);
  expect([first, again].map(({ data }) => data)).toEqual(
    Array(2).fill({ updateUser: { user: { username: renamed } } }),
  );
});

it("a replay returns the secret of a new API key, which is not stored in clear text", async () => {
  const create = `mutation { createApiKey(input: { name: "once", permissions: [USER_READ] }) { secret } }`;
  const key = uniqueName("key");
  const { createApiKey } = dataOf<{ createApiKey: { secret: string } }>(await send(key, create));
  const kept = await query<{ text: string }>(
    `SELECT outcomes::text || encode(answer, 'escape') AS text FROM idempotent_requests WHERE answer IS NOT NULL`,
  );
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.filter(({ text }) => text.includes(createApiKey.secret))).toEqual([]);
  expect(dataOf(await send(key, create))).toEqual({ createApiKey });
  await loseAnswers();
  expect(dataOf(await send(key, create))).toEqual({ createApiKey });
});

it.each([
  ["nothing", ""],
  ["too much", "x".repeat(256)],
  ["two words", "two words"],
])("an idempotency key of %s is refused and changes nothing", async (_what, key) => {
  const username = uniqueName();
  const answer = await send(key, createUser(username));
  expect([answer.status, codeOf(answer)]).toEqual([400, "BAD_USER_INPUT"]);
  expect(faultyFieldsOf(answer)).toEqual(["Idempotency-Key"]);
  expect(await isThere(username)).toBe(false);
});

it("without a credential the idempotency key is ignored: two logins make two sessions", async () => {
  const user = await givenUser(gateway, { password: PASSWORD });
  const login = `mutation { login(input: { user: "${user.username}", password: "${PASSWORD}" }) { token } }`;
  const key = uniqueName("key");
  const tokens = [await send(key, login, null), await send(key, login, null)].map(
    (answer) => dataOf<{ login: { token: string } }>(answer).login.token,
  );
  expect(new Set(tokens).size).toBe(2);
});

it("a login within a request does not change the credential of its key", async () => {
  const user = await givenUser(gateway, { password: PASSWORD, permissions: ["USER_CUD"] });
  const made = uniqueName();
  const document = `mutation {
    login(input: { user: "${user.username}", password: "${PASSWORD}" }) { user { username } }
    createUser(input: { username: "${made}" }) { user { username } }
  }`;
  const key = uniqueName("key");
  const first = await send(key, document);
  await loseAnswers();
  const again = await send(key, document);
  expect(told(again)).toEqual(told(first));
  expect(dataOf(again)).toMatchObject({ createUser: { user: { username: made } } });
});
