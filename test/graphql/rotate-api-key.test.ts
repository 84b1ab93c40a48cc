import { randomUUID } from "node:crypto";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { startWebSocketClient } from "../support/subscription-client.js";
import { codeOf, dataOf } from "./answers.js";
import { contentsOf } from "./contents.js";

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Key {
  readonly id: string;
  readonly prefix: string;
  readonly lastUsedAt: string | null;
}
interface Rotated {
  readonly secret: string;
  readonly oldSecretUntil: string;
  readonly apiKey: Key;
}

async function givenApiKey(more: object = {}): Promise<{ secret: string; apiKey: Key }> {
  const input = { name: "wallboard", permissions: ["ADMIN"], ...more };
  const answer = await gateway.ask(
    admin,
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id prefix } } }`,
    { input },
  );
  return dataOf<{ createApiKey: { secret: string; apiKey: Key } }>(answer).createApiKey;
}

const tryToRotate = (id: string, overlapSeconds: number) =>
  gateway.ask(
    admin,
    `mutation ($input: RotateApiKeyInput!) {
       rotateApiKey(input: $input) { secret oldSecretUntil apiKey { id prefix } } }`,
    { input: { id, overlapSeconds } },
  );
const rotate = async (id: string, overlapSeconds: number): Promise<Rotated> =>
  dataOf<{ rotateApiKey: Rotated }>(await tryToRotate(id, overlapSeconds)).rotateApiKey;

const codeOfUse = async (secret: string) =>
  codeOf(await gateway.ask(secret, `{ viewer { name } }`));

/** Moves the overlaps into the past by this many seconds. */
const passOverlaps = (seconds: number) =>
  gateway.dataSource.query(
    `UPDATE retired_api_key_secrets SET expires_at = expires_at - make_interval(secs => $1)`,
    [seconds],
  );

it("during the overlap both secrets are the same key", async () => {
  const { secret, apiKey } = await givenApiKey();
  const before = Date.now();
  const rotated = await rotate(apiKey.id, 600);
  expect(rotated.apiKey.id).toBe(apiKey.id);
  expect(rotated.secret.startsWith(rotated.apiKey.prefix)).toBe(true);
  expect(rotated.secret).not.toBe(secret);
  const overlapMs = new Date(rotated.oldSecretUntil).getTime() - before;
  expect(Math.abs(overlapMs - 600_000)).toBeLessThan(30_000);
  for (const each of [secret, rotated.secret]) {
    const { apiKeys } = dataOf<{ apiKeys: Key[] }>(
      await gateway.ask(each, `{ apiKeys { id prefix lastUsedAt } }`),
    );
    expect(apiKeys.filter(({ id }) => id === apiKey.id)).toMatchObject([
      { prefix: rotated.apiKey.prefix },
    ]);
  }

  await passOverlaps(601);
  expect(await codeOfUse(secret)).toBe("UNAUTHENTICATED");
  expect(await codeOfUse(rotated.secret)).toBe("OK");
});

it("without an overlap the old secret and earlier ones are refused immediately", async () => {
  const { secret: first, apiKey } = await givenApiKey();
  const { secret: second } = await rotate(apiKey.id, 600);
  const { secret: third } = await rotate(apiKey.id, 0);
  expect([await codeOfUse(first), await codeOfUse(second), await codeOfUse(third)]).toEqual([
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "OK",
  ]);
});

it("an old secret does not outlive its key", async () => {
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const short = await givenApiKey({ expiresAt });
  expect((await rotate(short.apiKey.id, 600)).oldSecretUntil).toBe(expiresAt);

  const { secret, apiKey } = await givenApiKey();
  await rotate(apiKey.id, 600);
  dataOf(
    await gateway.ask(
      admin,
      `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }`,
      { id: apiKey.id },
    ),
  );
  expect(await codeOfUse(secret)).toBe("UNAUTHENTICATED");
});

it.each([
  ["a key that is not there", () => ({ id: "nothing" }), 1, "NOT_FOUND"],
  ["a negative overlap", givenId, -1, "BAD_USER_INPUT"],
  ["an overlap of more than a week", givenId, 604_801, "BAD_USER_INPUT"],
  ["a revoked key", () => givenDead("revoked_at"), 1, "CONFLICT"],
  ["an expired key", () => givenDead("expires_at"), 1, "CONFLICT"],
] as const)(
  "a rotation with %s is refused and changes nothing",
  async (_, given, overlapSeconds, code) => {
    const { id } = await given();
    const before = await contentsOf(gateway.dataSource);
    expect(codeOf(await tryToRotate(id, overlapSeconds))).toBe(code);
    expect(await contentsOf(gateway.dataSource)).toEqual(before);
  },
);

async function givenId(): Promise<{ id: string }> {
  return (await givenApiKey()).apiKey;
}
async function givenDead(column: "revoked_at" | "expires_at"): Promise<{ id: string }> {
  const { apiKey } = await givenApiKey();
  await gateway.dataSource.query(
    `UPDATE api_keys SET ${column} = now() - interval '1 second' WHERE prefix = $1`,
    [apiKey.prefix],
  );
  return apiKey;
}

it("a replaced bootstrap secret does not become a key again at the next start", async () => {
  const secret = await gateway.givenKey("ADMIN");
  const { apiKeys } = dataOf<{ apiKeys: Key[] }>(
    await gateway.ask(secret, `{ apiKeys { id prefix } }`),
  );
  const id = apiKeys.find(({ prefix }) => secret.startsWith(prefix))?.id ?? "";
  await rotate(id, 0);
  const again = { name: "bootstrap", permissions: ["ADMIN" as const] };
  expect(await gateway.services.apiKeys.ensure(secret, again)).toBe(false);
  expect(await codeOfUse(secret)).toBe("UNAUTHENTICATED");
});

it("of concurrent rotations each makes a secret, and the last one stays valid", async () => {
  const { apiKey } = await givenApiKey();
  const rotations = await Promise.all(Array.from({ length: 5 }, () => rotate(apiKey.id, 0)));
  const codes = await Promise.all(rotations.map(({ secret }) => codeOfUse(secret)));
  expect(codes.filter((code) => code === "OK")).toHaveLength(1);
});

describe("a socket", () => {
  const SUBSCRIBE = `subscription { presenceChanged { cause } }`;

  async function opened(secret: string) {
    const client = startWebSocketClient(gateway.url, secret);
    void client
      .subscribe(SUBSCRIBE)
      .next()
      .catch(() => undefined);
    // The response does not matter: it arrives only after the authentication.
    await client
      .subscribe(`subscription { nothing }`)
      .next()
      .catch(() => undefined);
    let isClosed = false;
    void client.closed.then(() => (isClosed = true));
    return { client, isClosed: () => isClosed };
  }

  it("a socket opened with the old secret closes at the end of the overlap, one with the new secret stays open", async () => {
    const { secret, apiKey } = await givenApiKey();
    const old = await opened(secret);
    const rotated = await rotate(apiKey.id, 1);
    const fresh = await opened(rotated.secret);
    expect(await old.client.closed).toMatchObject({ code: 4401 });
    expect(Date.now()).toBeGreaterThanOrEqual(new Date(rotated.oldSecretUntil).getTime() - 50);
    expect(fresh.isClosed()).toBe(false);
    fresh.client.dispose();
  });
});

it("a response stored under the old secret is not returned to the new one, and the change is not repeated", async () => {
  const { secret, apiKey } = await givenApiKey();
  const key = { "idempotency-key": randomUUID() };
  const create = (by: string) =>
    gateway.ask(
      by,
      `mutation { createGroup(input: { name: "made once" }) { group { id } } }`,
      undefined,
      key,
    );
  const first = await create(secret);
  expect(codeOf(first)).toBe("OK");
  const rotated = await rotate(apiKey.id, 600);
  const refusal = await create(rotated.secret);
  expect(refusal.errors?.[0]?.extensions).toMatchObject({
    code: "CONFLICT",
    reason: "IDEMPOTENCY_ANSWER_SEALED",
  });
  const again = await create(secret);
  expect([again.data, again.headers.get("idempotency-replayed")]).toEqual([first.data, "true"]);
});
