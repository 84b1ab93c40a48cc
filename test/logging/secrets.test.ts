import { once } from "node:events";
import { newApiKeySecret } from "../../src/services/credentials/secrets.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { initOf, openRawSocket, openSignedIn, subscribeTo } from "../support/raw-socket.js";
import { LogLines } from "./log-lines.js";

const PASSWORD = "marked-password-of-ann";
const WRONG_PASSWORD = "marked-password-of-nobody";
const WRONG_KEY = `marked-${newApiKeySecret()}`;

const log = new LogLines();
let gateway: TestGateway;
let key: string;
/** Secrets that must not be logged; tests add the generated ones. */
const secrets = [PASSWORD, WRONG_PASSWORD, WRONG_KEY, "$argon2id$"];

beforeAll(async () => {
  gateway = await startTestGateway({ LOG_LEVEL: "debug" }, log);
  key = await gateway.givenKey("ADMIN");
  secrets.push(key);
});
afterAll(() => gateway.stop());

const JSON_TYPE = { "content-type": "application/json" };
const FORM_TYPE = { "content-type": "application/x-www-form-urlencoded" };

/** Headers with a secret in every place that a door reads. */
const everywhere = (secret: string): Record<string, string> => ({
  authorization: `Bearer ${secret}`,
  apikey: secret,
  "x-auth-token": secret,
  "x-user-id": secret,
  cookie: `token=${secret}`,
});

async function send(path: string, init: RequestInit = {}): Promise<void> {
  await (await fetch(gateway.url + path, init)).arrayBuffer();
}

const login = (password: string) =>
  `mutation { login(input: { user: "ann", password: "${password}" }) { token user { id } } }`;

async function askGraphQL(secret: string, password: string): Promise<void> {
  const { data } = await gateway.ask(null, login(password));
  const signedIn = data?.["login"] as { token: string } | undefined;
  if (signedIn) secrets.push(signedIn.token);
  for (const query of [
    `mutation { createUser(input: { username: "${Math.random()}", password: "${password}" }) { user { id } } }`,
    `mutation { updateUser(input: { user: { username: "ann" }, password: "${PASSWORD}" }) { user { id } } }`,
    `mutation { login(input: { user: "${secret}", password: "${password}" }) { token nothing } }`,
    `mutation { login(input: { password: "${password} }`,
    `{ users(text: "${secret}") { totalCount } }`,
    `{ viewer { name } }`,
  ]) {
    await gateway.ask(secret, query);
    await gateway.ask(null, query, { input: { password, token: secret } });
  }
  const wrongType = `mutation ($input: LoginInput!) { login(input: $input) { token } }`;
  await gateway.ask(null, wrongType, { input: { user: "ann", password: { plain: password } } });
  await send(`/graphql?token=${secret}&query={viewer{name}}`, { headers: everywhere(secret) });
  const basic = { ...JSON_TYPE, authorization: `Basic ${secret}` };
  await send("/graphql", { method: "POST", headers: basic, body: `{"password": "${password}` });
  const made = await gateway.ask(
    secret,
    `mutation { createApiKey(input: { name: "new", permissions: [USER_READ] }) { secret apiKey { id } } }`,
  );
  const { secret: newSecret } = (made.data?.["createApiKey"] ?? {}) as { secret?: string };
  if (newSecret !== undefined) secrets.push(newSecret);
}

async function askOldDoors(secret: string, password: string): Promise<void> {
  const headers = everywhere(secret);
  for (const path of [
    "/api/v1/me",
    "/api/v1/users.presence",
    "/rest/v1.0/1/users",
    "/api/v2/clients/users/usersonline",
    "/api/v2/user",
    "/api/v2/user/settings",
    "/nowhere",
  ]) {
    await send(`${path}?apikey=${secret}&apiKey=${secret}&token=${secret}`, { headers });
    const body = `{"apiKey": "${secret}", "password": "${password}`;
    await send(path, { method: "POST", headers: { ...headers, ...JSON_TYPE }, body });
  }
  for (const fields of [
    { user: "ann", password },
    { resume: secret },
    { password: { digest: password } },
  ]) {
    const body = JSON.stringify(fields);
    await send("/api/v1/login", { method: "POST", headers: JSON_TYPE, body });
  }
  const body = new URLSearchParams({ user: "ann", password, resume: secret }).toString();
  await send(`/api/v1/login?${body}`, { method: "POST", headers: FORM_TYPE, body });
}

async function askLiveDoors(secret: string, password: string): Promise<void> {
  const subscription = `subscription { presenceChanged { cursor } }`;
  for (const [query, accept] of [
    [subscription, "text/event-stream"],
    [login(password), "text/event-stream"],
    [subscription.replace("cursor", secret), "application/json"],
  ] as const) {
    const abort = new AbortController();
    await fetch(`${gateway.url}/graphql/stream?token=${secret}`, {
      method: "POST",
      headers: { ...everywhere(secret), ...JSON_TYPE, accept },
      body: JSON.stringify({ query }),
      signal: abort.signal,
    });
    abort.abort();
  }
  for (const messages of [
    [initOf(secret), subscribeTo("1", login(password)), subscribeTo("2", `{ ${secret} }`)],
    [initOf(secret), { type: "subscribe", id: password }],
    [{ type: "connection_init", payload: { token: secret, password } }],
    [`{"type":"connection_init","payload":{"authorization":"Bearer ${secret}"`],
  ]) {
    const raw = await openRawSocket(gateway.url, { path: `/graphql?token=${secret}` });
    raw.send(...messages);
    if (messages.length === 3) await raw.next().catch(() => undefined);
    raw.socket.close(4000, "enough");
    await raw.closed;
  }
  const noSocket = openRawSocket(gateway.url, { path: `/nowhere?token=${secret}` });
  await expect(noSocket).rejects.toThrow();
}

async function askEverything(): Promise<void> {
  for (const [secret, password] of [
    [key, PASSWORD],
    [WRONG_KEY, WRONG_PASSWORD],
  ] as const) {
    await askGraphQL(secret, password);
    await askOldDoors(secret, password);
    await askLiveDoors(secret, password);
  }
}

const leaks = () => {
  const written = log.all.map((line) => JSON.stringify(line));
  return written.filter((line) => secrets.some((secret) => line.includes(secret)));
};

it("no key, token or password is logged, at any API", async () => {
  await gateway.ask(
    key,
    `mutation { createUser(input: { username: "ann", password: "${PASSWORD}" }) { user { id } } }`,
  );
  const open = await openSignedIn(gateway.url, key);
  await askEverything();
  open.socket.close();
  await once(open.socket, "close");
  expect(secrets.length).toBeGreaterThan(6);
  expect(log.all.filter(({ msg }) => msg === "request").length).toBeGreaterThan(50);
  expect(leaks()).toEqual([]);
});

it.each(["presences", "user_settings", "login_sessions", "api_keys"])(
  "no secret is logged when a request fails because %s is missing",
  async (table) => {
    const { dataSource } = gateway;
    await dataSource.query(`ALTER TABLE ${table} RENAME TO ${table}_away`);
    try {
      await askEverything();
    } finally {
      await dataSource.query(`ALTER TABLE ${table}_away RENAME TO ${table}`);
    }
    const failed = log.all.filter(({ msg }) => msg === "unexpected");
    expect(JSON.stringify(failed)).toContain(`relation \\"${table}\\" does not exist`);
    expect(leaks()).toEqual([]);
  },
);
