import { eventually } from "../support/eventually.js";
import { newApiKeySecret } from "../../src/services/credentials/secrets.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf } from "./answers.js";
import { givenPerson, PASSWORD } from "./given.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Created {
  readonly secret: string;
  readonly apiKey: ApiKey;
}
interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: string[];
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly owner: { username: string } | null;
}
const KEY = `{ id name prefix permissions expiresAt revokedAt lastUsedAt owner { username } }`;

async function create(input: object): Promise<Created> {
  const answer = await gateway.ask(
    admin,
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey ${KEY} } }`,
    { input: { permissions: ["USER_READ"], ...input } },
  );
  return dataOf<{ createApiKey: Created }>(answer).createApiKey;
}

async function revoke(id: string): Promise<ApiKey> {
  const answer = await gateway.ask(
    admin,
    `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey ${KEY} } }`,
    { id },
  );
  return dataOf<{ revokeApiKey: { apiKey: ApiKey } }>(answer).revokeApiKey.apiKey;
}

async function listed(id: string): Promise<ApiKey | undefined> {
  const { apiKeys } = dataOf<{ apiKeys: ApiKey[] }>(await gateway.ask(admin, `{ apiKeys ${KEY} }`));
  return apiKeys.find((key) => key.id === id);
}

const use = (secret: string) =>
  gateway.ask(secret, `{ viewer { kind name permissions user { username } } }`);
const codeOfUse = async (secret: string) => codeOf(await use(secret));

it("a new API key works immediately, with its own permissions only", async () => {
  const { secret, apiKey } = await create({
    name: "wallboard",
    permissions: ["USER_READ", "USER_READ"],
  });
  expect(apiKey).toMatchObject({
    name: "wallboard",
    permissions: ["USER_READ"],
    expiresAt: null,
    revokedAt: null,
  });
  expect(dataOf(await use(secret))).toEqual({
    viewer: { kind: "API_KEY", name: "wallboard", permissions: ["USER_READ"], user: null },
  });
});

it("the secret of a key is returned once, is not stored, and only its prefix is returned later", async () => {
  const { secret, apiKey } = await create({ name: "shown once" });
  expect(secret).toMatch(/^rollcall_key_[A-Za-z0-9_-]{43}$/);
  expect(secret.startsWith(apiKey.prefix)).toBe(true);
  expect(secret.length - apiKey.prefix.length).toBeGreaterThan(32);
  expect(await listed(apiKey.id)).toEqual(apiKey);
  const rest = secret.slice(apiKey.prefix.length);
  expect(await tablesHolding(rest)).toEqual([]);
  expect(await tablesHolding(apiKey.prefix)).toEqual(["api_keys", "audit_records"]);
});

/** The tables with a row that contains this text. */
async function tablesHolding(text: string): Promise<string[]> {
  const tables: { name: string }[] = await gateway.dataSource.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const holding: string[] = [];
  for (const { name } of tables) {
    const rows: unknown[] = await gateway.dataSource.query(
      `SELECT 1 FROM "${name}" t WHERE position($1 IN to_jsonb(t)::text) > 0 LIMIT 1`,
      [text],
    );
    if (rows.length > 0) holding.push(name);
  }
  return holding;
}

it("a revoked key is refused on the next request and stays in the list", async () => {
  const { secret, apiKey } = await create({ name: "to go" });
  expect(await codeOfUse(secret)).toBe("OK");
  const revoked = await revoke(apiKey.id);
  expect(revoked.revokedAt).not.toBeNull();
  expect(await codeOfUse(secret)).toBe("UNAUTHENTICATED");
  expect((await listed(apiKey.id))?.revokedAt).toBe(revoked.revokedAt);
  expect((await revoke(apiKey.id)).revokedAt).toBe(revoked.revokedAt);
});

it("a key works until it expires", async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { secret, apiKey } = await create({ name: "short", expiresAt });
  expect(apiKey.expiresAt).toBe(expiresAt);
  expect(await codeOfUse(secret)).toBe("OK");
  // As if the key had been created almost an hour ago.
  const soon = new Date(Date.now() + 300);
  await gateway.dataSource.query(`UPDATE api_keys SET expires_at = $1 WHERE prefix = $2`, [
    soon,
    apiKey.prefix,
  ]);
  await eventually(async () => expect(await codeOfUse(secret)).toBe("UNAUTHENTICATED"));
  expect(Date.now()).toBeGreaterThanOrEqual(soon.getTime());
});

it("the last use of a key is recorded", async () => {
  const { secret, apiKey } = await create({ name: "used" });
  expect((await listed(apiKey.id))?.lastUsedAt).toBeNull();
  const before = Date.now();
  await use(secret);
  const lastUsedAt = await eventually(async () => {
    const noted = (await listed(apiKey.id))?.lastUsedAt;
    expect(noted).toEqual(expect.any(String));
    return Date.parse(String(noted));
  });
  expect(lastUsedAt).toBeGreaterThanOrEqual(before - 1);
  expect(lastUsedAt).toBeLessThanOrEqual(Date.now() + 1);
});

it("a key with an owner has the key's permissions and ends when the owner is deactivated", async () => {
  const owner = await givenPerson(gateway, admin, { permissions: ["ADMIN"], password: PASSWORD });
  const { secret, apiKey } = await create({ name: "owned", owner: { id: owner.id } });
  expect(apiKey.owner).toEqual({ username: owner.username });
  expect(dataOf(await use(secret))).toMatchObject({
    viewer: { permissions: ["USER_READ"], user: { username: owner.username } },
  });
  const setOwnStatus = `mutation ($id: ID) { setStatus(input: { user: { id: $id }, statusId: 2 }) { applied } }`;
  expect(codeOf(await gateway.ask(secret, setOwnStatus, { id: owner.id }))).toBe("FORBIDDEN");
  expect(codeOf(await gateway.ask(secret, `{ apiKeys { id } }`))).toBe("FORBIDDEN");

  const setActive = (active: boolean) =>
    gateway.ask(
      admin,
      `mutation ($id: ID, $active: Boolean) { updateUser(input: { user: { id: $id }, active: $active }) { __typename } }`,
      { id: owner.id, active },
    );
  await setActive(false);
  expect(await codeOfUse(secret)).toBe("UNAUTHENTICATED");
  await setActive(true);
  expect(await codeOfUse(secret)).toBe("OK");
});

it("a key without USER_READ does not see its owner", async () => {
  const owner = await givenPerson(gateway, admin);
  const { secret } = await create({
    name: "blind",
    permissions: ["API_RESERVE_USER"],
    owner: { id: owner.id },
  });
  expect(dataOf(await use(secret))).toMatchObject({ viewer: { user: null } });
});

describe("the bootstrap key", () => {
  const bootstrap = { name: "bootstrap", permissions: ["ADMIN" as const] };
  const count = async (): Promise<number> => {
    const sql = `SELECT count(*)::integer AS n FROM api_keys WHERE name = 'bootstrap'`;
    const [{ n }]: [{ n: number }] = await gateway.dataSource.query(sql);
    return n;
  };

  it("the bootstrap key is created once by any number of processes", async () => {
    const secret = newApiKeySecret();
    const { apiKeys } = gateway.services;
    const made = await Promise.all(
      Array.from({ length: 8 }, () => apiKeys.ensure(secret, bootstrap)),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await apiKeys.ensure(secret, bootstrap)).toBe(false);
    expect(await count()).toBe(1);
    expect(dataOf(await use(secret))).toMatchObject({ viewer: { permissions: ["ADMIN"] } });
  });

  it("a revoked bootstrap key stays revoked, and another secret makes another key", async () => {
    const { apiKeys } = gateway.services;
    const [old, fresh] = [newApiKeySecret(), newApiKeySecret()];
    await apiKeys.ensure(old, bootstrap);
    const keys = dataOf<{ apiKeys: ApiKey[] }>(
      await gateway.ask(old, `{ apiKeys ${KEY} }`),
    ).apiKeys;
    await revoke(keys.find(({ prefix }) => old.startsWith(prefix))?.id ?? "");
    expect(await apiKeys.ensure(old, bootstrap)).toBe(false);
    expect(await codeOfUse(old)).toBe("UNAUTHENTICATED");
    expect(await apiKeys.ensure(fresh, bootstrap)).toBe(true);
    expect(await codeOfUse(fresh)).toBe("OK");
  });

  it("the bootstrap key may be any text, of which only a short prefix is returned", async () => {
    const secret = "chosen-by-the-operator-long-enough-0123456789";
    await gateway.services.apiKeys.ensure(secret, bootstrap);
    expect(await codeOfUse(secret)).toBe("OK");
    expect(await tablesHolding(secret.slice(0, 5))).toEqual([]);
  });
});
