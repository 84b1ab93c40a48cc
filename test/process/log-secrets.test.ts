import { Client } from "pg";
import { createEmptyDatabase } from "../support/database.js";
import { build, BUILD_MS, cleanUp, type GatewayProcess, start } from "./gateway-process.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const PASSWORD = "a-password-of-somebody";
const WRONG_PASSWORD = "a-password-of-nobody";

let gateway: GatewayProcess;
let url: string;

beforeAll(async () => {
  await build();
  url = await createEmptyDatabase(`rollcall_process_log_${process.env["JEST_WORKER_ID"]}`);
  gateway = await start({
    DATABASE_URL: url,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    LOG_LEVEL: "debug",
    // Only a statement that waits for a lock takes longer.
    DATABASE_STATEMENT_TIMEOUT_MS: "4000",
  });
}, BUILD_MS);
afterAll(cleanUp);

const createUser = (username: string) =>
  `mutation { createUser(input: { username: "${username}", password: "${PASSWORD}" }) { user { id } } }`;

const login = (password: string) =>
  `mutation { login(input: { user: "ann", password: "${password}" }) { token } }`;

/** Locks the table in another transaction, so that the statement with the password's hash fails. */
async function failForTheLog(): Promise<void> {
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query(`BEGIN; LOCK TABLE users IN SHARE MODE`);
  const { errors } = await gateway.ask(ADMIN_KEY, createUser("ben"));
  expect(errors?.[0]?.extensions.code).toBe("SERVICE_UNAVAILABLE");
  await other.end();
}

/** Sends the secret in every place that the legacy APIs read, in a malformed body, and a wrong password. */
async function askOldDoors(secret: string): Promise<void> {
  const headers = {
    apikey: secret,
    "x-auth-token": secret,
    "x-user-id": secret,
    authorization: `Bearer ${secret}`,
    "idempotency-key": secret,
  };
  const paths = ["/api/v1/me", "/rest/v1.0/1/users", "/api/v2/users/usersonline", "/api/v2/user"];
  for (const path of paths) {
    await fetch(`${gateway.url}${path}?apikey=${secret}`, { headers });
    await fetch(gateway.url + path, { method: "POST", headers, body: `{"key": "${secret}` });
  }
  await fetch(`${gateway.url}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: "ann", password: WRONG_PASSWORD }),
  });
}

it("the process logs events without any key, token or password", async () => {
  await gateway.ask(ADMIN_KEY, createUser("ann"));
  const signedIn = await gateway.ask(null, login(PASSWORD));
  const { token } = signedIn.data?.["login"] as { token: string };
  await gateway.ask(token, `{ viewer { name } }`);
  await gateway.ask(null, login(WRONG_PASSWORD));
  const made = await gateway.ask(
    ADMIN_KEY,
    `mutation { createApiKey(input: { name: "new", permissions: [USER_READ] }) { secret } }`,
  );
  const { secret } = made.data?.["createApiKey"] as { secret: string };

  await fetch(`${gateway.url}/graphql?token=${token}&query={viewer{name}}`, {
    headers: { authorization: `Basic ${token}`, "x-auth-token": token },
  });
  await fetch(`${gateway.url}/graphql`, { method: "POST", body: `{"password": "${PASSWORD}` });
  await askOldDoors(token);
  await failForTheLog();

  const { output } = await gateway.end("SIGTERM");
  expect(output).toContain('"msg":"request"');
  expect(output).toContain('"msg":"unavailable"');
  expect(output).toContain("canceling statement due to statement timeout");
  const secrets = [ADMIN_KEY, PASSWORD, WRONG_PASSWORD, token, secret, "$argon2id$"];
  expect(secrets.filter((each) => output.includes(each))).toEqual([]);
});
